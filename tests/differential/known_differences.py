"""Where Shoal and DynamoDB Local answer differently and are known to: each with what the reference says of it.

Three tables, one for each way of differing: FAULTS (both refuse, in other words or for another of several faults),
OUTCOMES (one refuses), and the functions of ANSWERS (neither does). A reference is a chapter of the facts about DynamoDB
that Shoal is built by, its section, and its words; "silent" says what Shoal does where it has none, and why. Its tags:
[C] captured from production, [V] verified against it, [D] dynalite's tests, [G] the guide, [M] the service model,
[L] seen on DynamoDB Local, [?] nobody knows.
"""

import copy
import json
import re

WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}
TABLE_CHANGES = {"CreateTable", "UpdateTable", "DeleteTable", "UpdateTimeToLive"}
NEW_LAYER = {"PutItem", "UpdateItem", "DeleteItem", "GetItem", "BatchGetItem", "Query"}  # validation, 2

# ---- both refuse

# validation, 3: the stages of checking a request. Of several faults, that of the earliest stage is told.
SHAPE, CONSTRAINT, MIX, VALUE, RETURN, LEGACY, EXPRESSION, CONDITIONS, TABLE, SCHEMA, CONDITION, APPLY = range(12)
STAGES = "validation, 3: 'Semantic checks after constraints (stop at the first)': Shoal tells the earlier of two faults"

_CONSTRAINT = (r"(\d+ validation errors? detected: )?(Value .*failed to satisfy constraint|Failed to satisfy constraint)",
               r"The parameter 'TableName' is required")
_NAME = (r"Invalid table/index name",)
_INVALID = "One or more parameter values were invalid: "
_NUMBER = r"A value provided cannot be converted into a number"
_SEVERAL = ("validation, 8: silent on which of the faults of several actions is told, or of a target and its right side; Shoal: the first action "
            "with a fault, its right side before its target")
_OVERLAP = "validation, 6: 'Local prints an unrelated later path as path two when more than two targets exist'"
_TABLE_FAULTS = (
    _INVALID + r"(Neither ReadCapacity|ReadCapacityUnits and Write|Some index key|Number of attributes|List of|Table KeySchema does not have a range|Index KeySchema"
    r"|Unknown ProjectionType|ProjectionType is|Duplicate index name|Number of Local|GlobalSecondaryIndex count|ProvisionedThroughput (must|should not)|Some Attr"
    r"|One of GlobalSecondaryIndexUpdate|Only one global)", r"Given value", r"Invalid KeySchema", r"Both the Hash Key", r"Invalid StreamViewType", r"Stream ",
    r"At least one of ProvisionedThroughput", r"The provisioned throughput for the table will not change", r"Attempting to create an index", r"Cannot delete an index",
    r"LimitExceededException: Subscriber limit")
_MISMATCH = ("The provided key element does not match the schema",)

# Stage (None: told elsewhere); how Shoal's text begins; how Local's does (None: just so, to the letter); the reference.
FAULTS = [
    (None, (r"Value provided in ExpressionAttribute(Names|Values) unused",), (r"Value provided in ExpressionAttribute(Names|Values) unused",),
     "validation, 6: 'unused ...: keys: {#a, #b}': silent on their order"),
    (None, (r"ResourceNotFoundException: Requested resource not found: (Stream|Shard):",), (r"ResourceNotFoundException: (Stream|Shard) does not exist",),
     "streams, 7: 'unknown stream: ... Requested resource not found: Stream: <arn> not found', '(Local text Shard does not exist)'"),
    (None, _CONSTRAINT + (r"Invalid StreamArn",), (r"ResourceNotFoundException: ((Stream|Shard) does not exist|Requested resource not found: Stream)",),
     "streams, 7: 'malformed ARN: ValidationException in production; ResourceNotFound on Local'; constraints of shardId"),
    (None, (_INVALID + r"(Invalid SequenceNumber|SequenceNumber should)",), (r"InternalFailure: ", r"ResourceNotFoundException: "), "streams, 7: 'AT/AFTER without sequence number: ValidationException'"),
    (None, _CONSTRAINT, (r"Invalid (ShardIterator|StreamArn)", r"No ShardId specified", r"AttributeName cannot be null", r"TimeToLiveSpecification cannot be null", r"Names of key attributes"),
     "validation, 18 and streams, 7: constraints; Local's own texts"),
    (SHAPE, (r"SerializationException: ",), (r"InternalFailure: ", r"SerializationException: "),
     "wire, 5: the table of SerializationException messages [D]; wire, 4: 'Local answers 500 InternalFailure ... do not imitate'"),
    (CONSTRAINT, _CONSTRAINT, _NAME, "validation, 3: 'DynamoDB Local: one text for all: Invalid table/index name. ... [L]'"),
    (CONSTRAINT, _CONSTRAINT, (r"InternalFailure: ",), "wire, 10: 'bad enum in some members → HTTP 500 InternalFailure' [L]"),
    (RETURN, (r"ReturnValues can only be ALL_OLD or NONE",), (r"Return values set to invalid value",), "validation, 3: 'ReturnValues can only be ALL_OLD or NONE'"),
    (SCHEMA, _MISMATCH, (r"The list of keys in RequestItems for BatchGetItem may not contain null or empty", r"Cannot have null key for", r"Item to put in PutItem cannot be null"),
     "validation, 5: 'Get/Update/Delete/Batch key: ... `{}`: The provided key element ...' [C D]"),
    (CONSTRAINT + .5, (r"The (Total)?Segments? parameter",), (r"If (total )?segment", r"1 validation error detected: Value '.*' at 'totalSegments?'", r"1 validation error"),
     "validation, 11: the Segment parameter ..."),
    (CONSTRAINT, _CONSTRAINT, None, ""),
    (None, _CONSTRAINT, (
        r"Limit in ListTables must be",
        r"Limit must be greater than or equal to 1", r"Select must be ", r"Item to put in PutItem cannot be null",
        r"Cannot have null key for", r"BatchGetItem must have some requests", r"BatchWriteItem cannot have a null or no requests",
        r"The list of keys in RequestItems for BatchGetItem", r"The batch write request list for a table cannot be null",
        r"Too many items requested", r"Member must have length", r"Value .*failed to satisfy", r"No defined key schema",
        r"Comparison type does not exist", r"No Attribute Schema Defined", r"Return values set to invalid value",
        r"Table read and write throughput must be at least 1", r"Return(Consumed|Item).* is invalid", r"\d+ validation error",
        r"The parameter 'TableName'", r"Key Schema too big", r"Segment", r"If .*segment", r"Total", r"The provided Limit",
        r"ExclusiveStartTableName", r"Requested resource not found", r"The table does not have the specified index",
        r"Key Schema must", r"Hash Key not specified", r"No provisioned throughput"),
     "validation, 1 and 3: the envelope and the constraints of each operation [D][C]; Local has its own words"),
    (MIX, (r"ExpressionAttribute(Names|Values) can only be specified",), (r"ExpressionAttribute(Names|Values) (can only be specified|must not be empty)",),
     "validation, 2: 'values without expression': new ← older; ours is the operation's generation"),
    (MIX, (r"Can not use both expression and non-expression",), None, ""),
    (MIX, (r"ExpressionAttribute(Names|Values) must not be empty",), None, ""),
    (MIX + .3, (r".*(Cannot specify the .* when choosing|Must specify the AttributesToGet or|ALL_PROJECTED_ATTRIBUTES can be used)",), None, ""),
    (VALUE - .5, (r"The provided starting key is invalid: (?!The provided key element)",), None, ""),
    (VALUE, (_INVALID + r"A set may not have a null",), (r"InternalFailure: ",), "validation, 4; Local fails of a null in a set"),
    (VALUE, (_INVALID + r"A set may not have a null",), None, ""),
    (VALUE, (r"The parameter cannot be converted to a numeric value",), (_NUMBER,), "validation, 4: 'DynamoDB Local variants: " + _NUMBER + "' [L]"),
    (VALUE, (r"Attempting to store more than 38 significant",), (r"DynamoDB only supports precision up to 38 digits",),
     "validation, 4: 'DynamoDB Local variants: DynamoDB only supports precision up to 38 digits' [L]"),
    (VALUE, (_INVALID + r"Input collection", r"Input collection"), (_INVALID + r"Input collection", r"Input collection"),
     "validation, 4: 'DynamoDB Local variants: duplicates without the final stop, BS Input collection of type BS contains duplicates.' [L]"),
    (VALUE, (r"Supplied AttributeValue",), (r"The supplied Item contains a null AttributeValue",), "validation, 4: `{}` [LD]"),
    (VALUE, (r"Supplied AttributeValue", r"Number (over|under)flow", r"Nesting Levels", r"Empty attribute name",
             _INVALID + r"(Null attribute|An (string|number) set|Binary sets)"), None, ""),
    (RETURN, (r"Item size has exceeded",), None, ""),
    (LEGACY, (_INVALID + r"Duplicate value in attribute name: ",), (r"Cannot have two attributes with the same name",),
     "validation, 9: AttributesToGet duplicates [D]"),
    (LEGACY, (_INVALID + r"(ADD|DELETE) action .*not supported for the type",), (_INVALID + r"(ADD|DELETE) action .*not supported for the type",),
     "validation, 16: 'ADD action is not supported for the type S (Local prints STRING)'"),
    (LEGACY, (_INVALID + r"(Only DELETE action|Value .*Attribute|Exists |AttributeValueList can|Invalid number of argument|AttributeValues inside|ComparisonOperator )",
              r"The BETWEEN condition was provided a range", r"ConditionalOperator can"), None, ""),
    (None, (_INVALID + r"(Only DELETE|ADD action|DELETE action)",), (_INVALID + r"(Exists|Value|AttributeValue|Invalid number|ComparisonOperator)",),
     "validation, 3: '4. UpdateItem: AttributeUpdates rules; legacy Expected/filters' in this order"),
    (None, (_INVALID,), (r"The BETWEEN condition was provided a range", _INVALID + r"(Invalid number|AttributeValues|ComparisonOperator)"),
     "validation, 3: 4. 'legacy Expected/filters' come before 6. 'KeyConditions conversion'"),
    (None, (r"Invalid \w+Expression: Syntax error; token: \":\w+\", near: \"\. *:",), (r"Invalid \w+Expression: ",),
     "expressions, 2: 'path := name ( '.' name | '[' int ']' )*': Local takes a value's placeholder after a dot"),
    (CONSTRAINT + .6, (r"Too many items requested",), None, ""),
    (None, (r"Transaction request cannot include multiple",), (r"DynamoDB only supports precision",), "validation, 15: Order [C]: 'duplicate target' before '(4) per-item evaluation'"),
    (None, (r"Type mismatch for attribute to update",), (r"Updates on index keys must be",), _SEVERAL),
    (None, (r"Key attributes must be scalars",), (r"Key attributes must be scalars",), "validation, 5: nested paths on key attributes; silent on which of several, Shoal the first"),
    (None, (r"One or more parameter values are not valid", _INVALID + r"(Size of hash|Aggregated)"), (r"The number of conditions on the keys", r"The list of keys in RequestItems", r"One of the required"),
     "validation, 5: silent on the faults of several keys; Shoal, the first in the request"),
    (None, _MISMATCH + (_INVALID + r"Type mismatch for Index Key",), (_INVALID + r"Type mismatch for Index Key", r"One of the required keys"),
     "validation, 5: silent on the faults of several items of a batch; Shoal, the first in the request"),
    (None, (r"The provided starting key", r"Query condition missed"), (r"Key attributes must be scalars",), "validation, 10: order after table lookup [D]: ESK and key attributes before 'nested projection paths ... nested filter paths'"),
    (None, (r"Query key condition not supported", r"Attempted conditional"), (r"Key attributes must be scalars", r"InternalFailure: "), "validation, 10: order after table lookup [D]: key attributes before 'nested filter paths'"),
    (None, (_INVALID + r"A set may not have a null",), (_INVALID + r"An \w+ set may not have a null",), "validation, 4: silent; the text of sets of numbers and binaries"),
    (None, (r"ResourceNotFoundException: ",), (r"Invalid global secondary index name",), "validation, 17: 'delete missing index: ResourceNotFoundException Requested resource not found'"),
    (None, (r"Transaction request cannot include",), (r"IdempotentParameterMismatchException: ",), "validation, 15: silent on tokens; Shoal looks at them once the request is right"),
    (None, (r"Invalid UpdateExpression: Two document paths overlap",), (r"Invalid UpdateExpression: Two document paths conflict",), "validation, 6: 'overlap → conflict' in this order"),
    (None, (r"Invalid UpdateExpression: An expression attribute",), (r"Invalid UpdateExpression: An expression attribute",),
     "validation, 6: 'undefined names → undefined values'; silent on which of several"),
    (None, (r"Consistent reads are not supported",), (r"Key attributes must be scalars",), "validation, 10: order after table lookup [D]: 'index lookup → GSI consistency → ...'"),
    (None, _MISMATCH + (r"One or more parameter values are not valid\. The AttributeValue for a key",), (r"Key attributes must be scalars",), "validation, 3: 8. 'key/schema checks, index-key checks, nested key paths' in this order"),
    (None, (_INVALID + r"Global secondary index \S+ does not project",), (r"Key attributes must be scalars",), "validation, 9 and 10: silent on which comes first; Shoal as the filter's 'nested filter paths', last"),
    (CONSTRAINT + .6, (_INVALID + r"(Invalid SequenceNumber|SequenceNumber should not|Limit )",), None, ""),
    (CONSTRAINT + .7, (r"Invalid ShardIterator",), None, ""),
    (EXPRESSION - .2, (r"ExpressionAttributeNames contains invalid",), None, ""),
    (EXPRESSION - .1, (r"ExpressionAttributeValues contains invalid key",), (r"ExpressionAttributeValues contains invalid key: The expression attribute map .* too long;$",),
     "limits, 3: 'the Values variant ends with `too long;` on Local'"),
    (EXPRESSION - .1, (r"ExpressionAttributeValues contains invalid",), None, ""),
    (EXPRESSION + .8, (r"Value provided in ExpressionAttributeNames unused",), None, ""),
    (EXPRESSION + .9, (r"Value provided in ExpressionAttributeValues unused",), None, ""),
    (EXPRESSION, (r"Invalid UpdateExpression: Two document paths overlap",), (r"Invalid UpdateExpression: Two document paths overlap",), _OVERLAP),
    (EXPRESSION + .4, (r"Invalid ProjectionExpression: Two document paths (overlap|conflict)",),
     (r"Invalid ProjectionExpression: Two document paths (overlap|conflict)",), _OVERLAP),
    (EXPRESSION, (r"Invalid \w+Expression: Attribute name is a reserved keyword; reserved keyword: size",), (r"Invalid \w+Expression: ",),
     "validation, 21: SIZE is among the 573 reserved words"),
    (EXPRESSION, (r"Invalid (Update|Projection)Expression: An expression attribute (name|value) used",), (r"Invalid (Update|Projection)Expression: (Two document paths|Incorrect operand)",),
     "validation, 6: 'updates: undefined names → undefined values → overlap → conflict ... Local instead checks overlap/conflict before'"),
    (EXPRESSION, (r"Invalid UpdateExpression: Incorrect operand type",), (r"Invalid UpdateExpression: Incorrect operand type",),
     "validation, 6: silent on which of several operands of actions is told; Shoal the first in the request ('first failure wins'), Local any"),
    (EXPRESSION, (r"Invalid \w+Expression: Invalid attribute type name found",), (r"Invalid \w+Expression: Invalid attribute type name found",),
     "validation, 7: 'valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}' (set order unstable)"),
    (EXPRESSION, (r"Invalid \w+Expression: The BETWEEN operator requires",), (r"Invalid \w+Expression: The BETWEEN operator requires",),
     "validation, 7: 'binary printed base64 [D]', limits, 1: numbers in canonical form; Local prints java.nio.HeapByteBuffer and 2.50"),
    (EXPRESSION + .2, (r"Invalid KeyConditionExpression: (Invalid (condition|operator)|KeyConditionExpressions)",),
     (r"(Invalid (condition|operator)|KeyConditionExpressions)",), "validation, 10: 'prefix: On the 2026 Query layer ... preceded by Invalid KeyConditionExpression: [V C]'"),
    (CONDITIONS, (r"The number of query conditions",), (r"Conditions can be of length",), "validation, 2: 'too many key conditions', new ← older"),
    (CONDITIONS, (r"Either the KeyConditions or",), None, ""),
    (CONDITIONS, (r"Conditions can be of length",), None, ""),
    (None, _MISMATCH + (_INVALID + r"(Size of hashkey|Aggregated|Type mismatch)", r"Key attributes must be scalars", r"One or more parameter values are not valid"), (r"Provided list of item keys contains duplicates",),
     "validation, 14: silent on which comes first; Shoal, whose duplicates are of numbers by value, the keys' schema"),
    (SCHEMA + .4, (r"Provided list of item keys contains duplicates",), None, ""),
    (TABLE + .1, (r"Transaction request cannot include multiple",), None, ""),
    (TABLE, (r"IdempotentParameterMismatchException: ",), (r"IdempotentParameterMismatchException: ",), "validation, 15: 'text [?], Local empty'"),
    (CONSTRAINT + .5, (r"TransactItems can only contain one of",), (r"Invalid Request: TransactWriteRequest should",), "validation, 15: 'TransactItems can only contain one of Check, Put, Update or Delete'"),
    (TABLE, (r"ResourceNotFoundException: ",), (r"ResourceNotFoundException: Cannot do operations on a non-existent table", r"InternalFailure: "),
     "validation, 5: 'missing table: ResourceNotFoundException Requested resource not found' [C D V]"),
    (TABLE, (r"ResourceInUseException: Table already exists",), (r"ResourceInUseException: Cannot create preexisting table",),
     "validation, 17: 'ResourceInUseException Table already exists: X [V]'; 'Local has its own wording: Cannot create preexisting table'"),
    (SCHEMA, _MISMATCH, (r"The number of conditions on the keys is invalid", _INVALID + r"Type mismatch for key", r"Invalid attribute value type",
                         r"One of the required keys was not given", r"Only scalar types", r"One or more .*empty keys"),
     "validation, 5: 'Get/Update/Delete/Batch key: missing, extra, wrong type, non-scalar, {}: The provided key element ...' [C D]"),
    (SCHEMA, (_INVALID + r"Missing the key",), (r"One of the required keys was not given a value",), "validation, 5: PutItem key missing [C D]"),
    (SCHEMA, (_INVALID + r"Type mismatch for key",), (_INVALID + r"Type mismatch for key", r"Invalid attribute value type", r"Only scalar types"),
     "validation, 5: PutItem key wrong type [C D]"),
    (SCHEMA, (_INVALID + r"Type mismatch for Index Key",), (_INVALID + r"Type mismatch for Index Key", r"Invalid attribute value type"),
     "validation, 5: 'index key wrong type (put): Type mismatch for Index Key g Expected: S Actual: N IndexName: gsi' [C D]"),
    (SCHEMA, (_INVALID + r"(Size of hashkey|Aggregated size)",), (r"Hash primary key values must be under", _INVALID + r"Size limit exceeded"),
     "validation, 5: hash and range too long [C D]; 'index key too long (put) ... Local: Size limit exceeded'"),
    (SCHEMA, (r"The update expression attempted to update the secondary index key to unsupported",), (r"Updates on index keys must be of the same", ),
     "validation, 5: index key wrong type (update) [C]"),
    (SCHEMA, (r"Consistent reads are not supported on global",), (r"Consistent read cannot be true when",), "validation, 10: consistent read on GSI [D C]"),
    (SCHEMA, (r"The update expression attempted to update the secondary index key to unsupported",), (r"Invalid attribute value type", r"One or more parameter values are not valid"),
     "validation, 5: index key wrong type (update) [C]"),
    (SCHEMA, (r"The query can return at most one row", r"The provided starting key is outside"),
     (r"The provided starting key does not match the range key", r"The query can return at most one row", r"Key attributes must be scalars"),
     "validation, 12: 'hash differs from condition: The provided starting key is outside query boundaries ...' [C D]"),
    (SCHEMA, (r"The number of query conditions", r"Query key condition not supported"), (r"Conditions can be of length", r"Only scalar types"), "validation, 2: 'too many key conditions', new ← older"),
    (SCHEMA, (r"Attempted conditional constraint is not an indexable",), (r"Only scalar types", _INVALID + r"Condition parameter type does not match", r"Query key condition not supported"),
     "validation, 10: 'per key attribute: ... non-indexable operator, value type' in this order [D]"),
    (SCHEMA + .1, (_INVALID + r"Global secondary index \S+ does not project \[",), (_INVALID + r"(Global s|S)econdary index \S+ does not project",),
     "validation, 9: 'does not project [a] (list of names)'; a list in the request's order, the projection's before the filter's"),
    (SCHEMA + .1, (_INVALID + r"Secondary index \S+ does not project one",), (_INVALID + r"Secondary index \S+ does not project one",), "validation, 9: 'one or more filter attributes: [x]'; in any order"),
    (SCHEMA, (r"One or more parameter values are not valid\.", r"Key attributes must be scalars", _INVALID + r"Cannot update attribute",
              r"The table does not have the specified index", r"The update expression attempted"), None, ""),
    (CONDITION, (r"ConditionalCheckFailedException: ",), None, ""),
    (SCHEMA + .3, (_INVALID + r"Secondary index \S+ does not project one",), (r"Key attributes must be scalars",),
     "validation, 10: silent on the order of two faults of one filter"),
    (SCHEMA + .2, (_INVALID + r"Select type ALL_ATTRIBUTES is not",), (_INVALID + r"Secondary index \S+ does not project one", r"Key attributes must be scalars"),
     "validation, 10: order after table lookup [D]: 'GSI ALL_ATTRIBUTES → nested filter paths'"),
    (SCHEMA + .2, (r"Filter Expression can only contain", r"QueryFilter can only contain"), (r"Filter Expression can only contain", r"QueryFilter can only contain"),
     "validation, 7: 'Primary key attribute: p'; silent on which of several, Shoal the first in the text"),
    (SCHEMA + .2, (r"Filter Expression can only contain", r"QueryFilter can only contain"), None, ""),
    (SCHEMA + .2, (r"Filter Expression can only contain", r"QueryFilter can only contain"), (r"Key attributes must be scalars",),
     "validation, 10: order after table lookup [D]: 'filter on key → GSI ALL_ATTRIBUTES → nested filter paths'"),
    (SCHEMA, (_INVALID + r"Duplicate value",), None, ""),
    (SCHEMA, (r"The provided starting key is invalid",), (r"Exclusive Start Key must have same size", r"The provided starting key is invalid"),
     "validation, 12: 'wrong number of attributes: The provided starting key is invalid'"),
    (SCHEMA, (r"Query condition missed key schema element",), (r"Query condition missed key schema element",), "validation, 10: 'Query condition missed key schema element: p' [D C]"),
    (APPLY, (r"The provided expression refers", r"An operand in the update", r"The document path"),
     (r"The provided expression refers", r"An operand in the update", r"The document path", r"DynamoDB only supports precision"), _SEVERAL),
    (APPLY, (r"Item size to update", r"The provided expression refers", r"An operand in the update", r"The document path", r"Type mismatch for attribute to update"), None, ""),
]


def _order_of_expressions(text):
    found = re.match(r"Invalid (Update|Condition|KeyCondition|Filter|Projection)Expression: ", text)
    return EXPRESSION + .1 * ["Update", "Condition", "KeyCondition", "Filter", "Projection"].index(found[1]) if found else None


def _error(outcome):
    return outcome.get("error")


def _text(operation, outcome):
    """The error in words, without the envelope of one failure and the place of a value: validation, 2's two generations."""
    text = outcome.get("message", "")
    if not re.match(r"1 validation error detected: (Value .*at '|Failed)", text):
        text = text.removeprefix("1 validation error detected: ")
    if operation.lstrip("@") in NEW_LAYER:
        text = re.sub(r"^ExpressionAttributeValues contains invalid value: (.*) for key :\S*$", r"\1", text, flags=re.S)
    return text if _error(outcome) == "ValidationException" else f"{_error(outcome)}: {text}"


def _begins(text, patterns):
    return any(re.match(pattern, text) for pattern in patterns)


def stage(text, of_local):
    order = _order_of_expressions(text)
    if order is not None:
        return order
    for number, ours, theirs, _ in FAULTS:
        if number is not None and _begins(text, (theirs if of_local and theirs else ours)):
            return number
    return None


def _both_refuse(operation, body, ours, theirs):
    mine, other = _text(operation, ours), _text(operation, theirs)
    if "TransactionCanceledException" in (_error(ours), _error(theirs)):
        return _cancelled(operation, body, ours, theirs)
    if all(each.startswith("ExpressionAttributeValues contains invalid value: ") for each in (mine, other)):
        mine, other = (each.removeprefix("ExpressionAttributeValues contains invalid value: ") for each in (mine, other))
    if _error(ours) == "SerializationException":
        return "known: wire, 5: the table of SerializationException messages [D]; Local converts what it can and refuses the rest for something else"
    if mine == other:
        return None if ours["item"] == theirs["item"] and ours["reasons"] == theirs["reasons"] else f"reasons {operation}"
    for _, our_texts, their_texts, reference in FAULTS:
        if their_texts and _begins(mine, our_texts) and _begins(other, their_texts):
            return f"known: {reference}"
    first, second = stage(mine, False), stage(other, True)
    if operation == "BatchGetItem" and len(body["RequestItems"]) > 1 and None not in (first, second) and {int(first), int(second)} <= {MIX, VALUE, EXPRESSION}:
        return "known: validation, 14: silent on the faults of several tables; Shoal, that of the first table"
    if operation in ("CreateTable", "UpdateTable") and _begins(mine, _TABLE_FAULTS + _CONSTRAINT):
        return "known: validation, 17: 'DynamoDB Local has its own wording for almost all of these: do not imitate.'"
    if operation.startswith("Transact") and {stage(mine, False), stage(other, True)} <= {VALUE, SCHEMA, MIX, EXPRESSION - .2}:
        return "known: validation, 15: '(2) per action in request order: ... numbers, put item size, empty keys → all as top-level ValidationException'"
    if first is not None and second is not None and first < second:
        return f"known: {STAGES}"
    return f"error {operation}: {mine[:110]} / {other[:110]}"


def _of_one_fault(mine, other):
    return mine == other or any(their_texts and _begins(mine, our_texts) and _begins(other, their_texts) for _, our_texts, their_texts, _ in FAULTS)


def _cancelled(operation, body, ours, theirs):
    if _error(ours) == _error(theirs):
        mine, other = ([(code, item, (message or "").removesuffix(".")) for code, item, message in each["reasons"]] for each in (ours, theirs))
        if mine == other:
            return "known: validation, 15: ConditionalCheckFailed: 'The conditional request failed'; Local ends it with a full stop now and then"
        if not other:
            return "known: validation, 15: 'CancellationReasons: one entry per action'; Local has none for a key that does not match the schema"
        if len(mine) != len(other):
            return "known: validation, 15: 'CancellationReasons: one entry per action'; Local has only those of wrong keys"
        for (code, _, message), (other_code, _, other_message) in zip(mine, other):
            alike = code == other_code and _of_one_fault(message, other_message)
            if not alike and not (code == "ValidationError" and other_code in ("ConditionalCheckFailed", "None")):
                return f"reasons {operation}: {code} {message[:80]} / {other_code} {other_message[:80]}"
        return "known: validation, 3: 'key/schema checks, index-key checks, nested key paths' come before 'condition evaluation'"
    if _error(ours) == "TransactionCanceledException" and any(code == "ValidationError" for code, *_ in ours["reasons"]):
        return "known: validation, 15: 'Which item errors cancel (ValidationError reason) [C] ... Local raises several of these at top level.'"
    if (_error(ours) == "TransactionCanceledException" and "document path" in _text(operation, theirs)
            and re.search("REMOVE|DELETE", json.dumps(body))):
        return "known: expressions, 6: 'REMOVE: ... if the whole item does not exist, it is silently ignored. [V]'"
    if _error(theirs) == "TransactionCanceledException" and stage(_text(operation, ours), False) is not None:
        return "known: validation, 15: 'Order [C]: constraints, expressions and values, missing table and duplicate target, per-item evaluation'"
    return f"error {operation}: {_text(operation, ours)[:110]} / {_text(operation, theirs)[:110]}"


# ---- one refuses


def _removes_only(body):
    update, legacy = str(body.get("UpdateExpression", "")).upper(), body.get("AttributeUpdates")
    if isinstance(legacy, dict) and legacy:
        return all(isinstance(each, dict) and each.get("Action") == "DELETE" for each in legacy.values())
    return update and not re.search(r"\b(SET|ADD)\b", update)


# Operations; how Shoal refuses (None: it does not); how Local does (None); what the request must be; the reference.
OUTCOMES = [
    (r"", (r"SerializationException: ",), None, None, "wire, 5: the table of SerializationException messages [D]; Local converts what it can"),
    (r"TransactGetItems", None, (r"Transaction request cannot include multiple",), None,
     "limits, 4: 'no two actions on same item (write)'; Local refuses two reads of one, too"),
    (r"UpdateItem|TransactWriteItems", (r"The update expression attempted to update the secondary index key to unsupported",), None, None,
     "validation, 5: 'index key wrong type (update): ... [C]'; Local keeps such an item out of the index"),
    (r"UpdateItem|TransactWriteItems", None, (r"The document path provided in the update",), lambda body: re.search(r"REMOVE|DELETE", json.dumps(body)),
     "expressions, 6: 'REMOVE: ... if the whole item does not exist, it is silently ignored. [V]'"),
    (r"@?(Scan|Query)", (_INVALID + r"Secondary index Global\d does not project one or more filter",), None, None,
     "validation, 9: 'filter on such [a GSI]: Secondary index gsi does not project ... [x]'; Local lets Scan do it"),
    (r"@?(Scan|Query)", None, (_INVALID + r"Secondary index Local\d does not project one or more filter",), None,
     "validation, 9: 'LSIs fetch from the table instead'; Local refuses Query on one"),
    (r"", (r"ExpressionAttribute(Names|Values) can only be specified when using expressions",), None,
     None, "validation, 6: 'names without expression'; 'values without expression (ProjectionExpression does not count)' [LD C]; Local tolerates the empty ones"),
    (r"", (r"Invalid \w+Expression: Attribute name is a reserved keyword; reserved keyword: size",), None, None,
     "validation, 21: SIZE is among the 573 reserved words"),
    (r"BatchGetItem|BatchWriteItem", (r"Provided list of item keys contains duplicates",), None, lambda body: re.search(r"2\.50?\b", json.dumps(body)),
     "validation, 14: 'duplicates (numeric keys compare by value)'"),
    (r"TransactWriteItems", (r"Transaction request cannot include multiple",), None, lambda body: re.search(r"2\.50?\b", json.dumps(body)),
     "validation, 15: 'duplicate target'; 2.5 and 2.50 are one number"),
    (r"TransactWriteItems", (r".*Value null at 'transactItems.\d+.member.update.updateExpression'",), None, None,
     "validation, 15: 'Update without UpdateExpression: production: null constraint [M required]; Local accepts'"),
    (r"", (r".*Member must satisfy enum value set",), None, None, "validation, 1: enum constraints [D][C]; Local takes some for their default"),
    (r"Query", (r"The provided starting key is invalid",), None, lambda body: body.get("ExclusiveStartKey") == {},
     "validation, 12: 'wrong number of attributes: The provided starting key is invalid'"),
    (r"Query", None, (r"The provided starting key does not match the range",), lambda body: re.search("BETWEEN|<=|>=|LE|GE", json.dumps(body)),
     "validation, 12: 'sort key outside the condition': a bound that belongs to it is inside; Local refuses it, though limits, 4 may send it as LEK"),
    (r"UpdateItem", (r"The update expression attempted to update the secondary index key beyond",), None, None, "validation, 5: index key too long (update) [C]"),
    (r"ListStreams|DescribeStream|GetShardIterator|GetRecords", _CONSTRAINT, None, None,
     "streams, 7: 'ValidationException (constraint envelope ...)'; Local checks less"),
    (r"UpdateItem", None, (r"Updates on index keys must be",), lambda body: '"DELETE"' in json.dumps(body.get("AttributeUpdates", {})),
     "silent: a DELETE of members from an attribute that is no set; Shoal: it is not there, so nothing is deleted"),
    (r"TransactWriteItems|@?Scan", (r"ExpressionAttributeValues contains invalid value: Nesting Levels",), None, None, "limits, 1: 'nested maps/lists ...: 32 rejected [C]'; Local lets values be that are not stored"),
    (r"GetRecords", (r"Invalid ShardIterator",), None, None, "streams, 7: 'bad iterator: ValidationException Invalid ShardIterator'"),
    (r"CreateTable|UpdateTable", (_INVALID + r"(Neither ReadCapacityUnits|ProvisionedThroughput (must|should not) be specified|List of LocalSecondaryIndexes is empty|Some AttributeDefinitions are not used)",), None, None,
     "validation, 17: 'in order [D]' 2, 11 and 12, 'ProvisionedThroughput must be specified when BillingMode is PROVISIONED'"),
    (r"CreateTable", (r".*Value '[-\d]+' at 'provisionedThroughput",), None, None, "validation, 3: 'provisionedThroughput.write/read (NN, ≥1)'; Local ignores it for PAY_PER_REQUEST"),
]


def _one_refuses(operation, body, ours, theirs):
    mine, other = (_text(operation, each) if _error(each) else None for each in (ours, theirs))
    whole = "; ".join(message or "" for _, _, message in ours.get("reasons", [])) if ours.get("reasons") else mine
    for operations, our_texts, their_texts, of, reference in OUTCOMES:
        if ((our_texts is None) == (mine is None) and (their_texts is None) == (other is None) and re.fullmatch(operations or ".*", operation)
                and (mine is None or _begins(mine, our_texts) or re.search("|".join(our_texts), whole)) and (other is None or _begins(other, their_texts))
                and (of is None or of(body))):
            return f"known: {reference}"
    return f"outcome {operation}: {(mine or 'OK')[:110]} / {(other or 'OK')[:110]}"


# ---- neither refuses

def _without(value, names):
    if isinstance(value, dict):
        return {name: _without(member, names) for name, member in value.items() if name not in names}
    return [_without(each, names) for each in value] if isinstance(value, list) else value


def _pruned(value):
    """ConsumedCapacity without the arms of zero."""
    if isinstance(value, dict):
        members = {name: _pruned(member) for name, member in value.items()}
        return {name: member for name, member in members.items() if member not in ({}, {"CapacityUnits": 0.0})}
    return [_pruned(each) for each in value] if isinstance(value, list) else value


def _without_capacity(answer):
    return _without(answer, {"ConsumedCapacity"})


def _metrics(operation, body, ours, theirs):
    return _without(ours, {"ItemCollectionMetrics"}), theirs


def _units_by_kind(operation, body, ours, theirs):
    return (_without(ours, {"ReadCapacityUnits", "WriteCapacityUnits"}) if operation.startswith("Transact") else ours), theirs


def _zero_arms(operation, body, ours, theirs):
    return tuple({**each, "ConsumedCapacity": _pruned(each["ConsumedCapacity"])} if "ConsumedCapacity" in each else each for each in (ours, theirs))


def _untold_capacity(operation, body, ours, theirs):
    return ours, theirs if "ConsumedCapacity" in ours else _without_capacity(theirs)


def _capacity_of(condition):
    """Sets the capacities aside where `condition` says that they are known to differ."""
    def set_aside(operation, body, ours, theirs):
        if "ConsumedCapacity" in ours and condition(operation, body, ours):
            return _without_capacity(ours), _without_capacity(theirs)
        return ours, theirs
    return set_aside


def _touched(operation, body, ours, theirs):
    if operation == "UpdateItem" and str(body.get("ReturnValues")).startswith("UPDATED") and re.search(r"[.\[]", str(body.get("UpdateExpression"))):
        return _without(ours, {"Attributes"}), _without(theirs, {"Attributes"})
    return ours, theirs


def _last_page(operation, body, ours, theirs):
    if operation == "Query" and "LastEvaluatedKey" not in theirs and ours.get("ScannedCount") == body.get("Limit"):
        return _without(ours, {"LastEvaluatedKey"}), theirs
    return ours, theirs


def _statuses(operation, body, ours, theirs):
    names = {"StreamSpecification",} if operation == "DeleteTable" else set()  # "fields may be absent"
    names |= {"TableStatus", "IndexStatus", "TimeToLiveStatus", "ProvisionedThroughput"} if operation in ("UpdateTable", "CreateTable", "DeleteTable") else set()
    return _without(ours, names), _without(theirs, names)


def _zero_throughput(operation, body, ours, theirs):
    if not operation.endswith("Table"):
        return ours, theirs
    zero = {"ReadCapacityUnits": 0, "WriteCapacityUnits": 0}
    def without_zero(value):
        if isinstance(value, dict):
            return {name: without_zero(member) for name, member in value.items() if not (name == "ProvisionedThroughput" and member == zero)}
        return [without_zero(each) for each in value] if isinstance(value, list) else value
    return without_zero(ours), without_zero(theirs)


def _unlimited(operation, body, ours, theirs):
    return ours, _without(theirs, {"OnDemandThroughput"}) if operation.endswith("Table") else theirs


# What is the same after this is taken from both answers, one after another; the reference.
ANSWERS = [
    (_metrics, "capacity, 4: ItemCollectionMetrics: 'DynamoDB Local never returns it'"),
    (_units_by_kind, "capacity, 3: 'ReadCapacityUnits / WriteCapacityUnits ... used in transactions responses in production'"),
    (_zero_arms, "capacity, 3: 'Arms with zero cost are absent (Local prints a 0.0 arm for the index being scanned and for Table)'"),
    (_untold_capacity, "capacity, 3: 'NONE (default): omitted' (Local tells it of some deletes)"),
    (_capacity_of(lambda operation, body, ours: operation in ("Query", "Scan") and ours["ScannedCount"] == 0),
     "capacity, 2: 'No item: minimum 0.5 / 1 [G][V]; (Local and dynalite report 0.0)'"),
    (_capacity_of(lambda operation, body, ours: operation in ("Query", "Scan") and str(body.get("IndexName", "")).startswith("Local")),
     "capacity, 2: 'for each item that needs fetch of non-projected attributes add the whole table item'; Local only where one has some"),
    (_capacity_of(lambda operation, body, ours: operation in ("PutItem", "UpdateItem", "DeleteItem")),
     "capacity, 2: 'entry absent before and after: 0'; Local charges for an entry of which only some key attributes are there"),
    (_capacity_of(lambda operation, body, ours: operation == "BatchWriteItem"),
     "capacity, 2: 'sum of the above per request, each rounded separately [V]'; Local charges indexes of what is not there"),
    (_capacity_of(lambda operation, body, ours: operation == "BatchGetItem"),
     "capacity, 2: 'missing keys count as minimum 0.5/1 in production; Local counts 0 for missing keys'"),
    (_capacity_of(lambda operation, body, ours: operation == "TransactWriteItems"),
     "capacity, 2: 'DynamoDB Local TransactWrite: condition check + delete of missing = 3.0: prefer 2 × rule. [L]'"),
    (_touched, "expressions, 6: 'Nested paths: production returns only the touched leaf inside its parents [V][D]. Local returns the entire top-level attribute'"),
    (_last_page, "limits, 4: 'LEK is returned even if exactly at the end of data when Limit equals the count of remaining items'"),
    (_statuses, "controlplane, 1: 'Local: everything is immediate ACTIVE'; 2: 'Response shows the requested state in progress (status UPDATING, old throughput until done)'"),
    (_zero_throughput, "controlplane, 1: 'ProvisionedThroughput is present with 0/0 for on-demand tables (and their GSIs)'"),
    (_unlimited, "capacity, 6: 'OnDemandThroughput ... (−1 removes the cap)'; Local describes the cap that is none"),
]


def _neither_refuses(operation, body, ours, theirs):
    if (operation == "UpdateItem" and _removes_only(body) and "Attributes" not in ours
            or operation == "TransactWriteItems" and any(_removes_only(each["Update"]) for each in body["TransactItems"] if isinstance(each.get("Update"), dict))):
        return ("known: expressions, 6: 'update on a missing item consists only of REMOVE and/or DELETE: production does not create the item [C][V]; "
                "dynalite and Local create the key-only item' (diverges)")
    if operation == "UpdateItem" and any("Action" not in each for each in (body.get("AttributeUpdates") or {}).values()):
        return "known: silent on an AttributeUpdates without Action: the service model says PUT (default); Local does nothing (diverges)"
    if operation == "Query" and "IndexName" in body and ("Limit" in body or "ExclusiveStartKey" in body):
        return "known: controlplane, 3: 'order among equal keys is by table key internally (undefined)': a part of an index's items need not be the same"
    if operation == "Scan" and "ExclusiveStartKey" in body:
        return "known: silent: the order of a Scan is nobody's promise, so what comes after a key need not be the same"
    if ours == theirs:
        return None
    for step, reference in ANSWERS:
        before = ours, theirs
        ours, theirs = step(operation, body, ours, theirs)
        if (ours, theirs) != before and ours == theirs:
            return f"known: {reference}"
    return f"answer {operation}"


def explained(operation, body, ours, theirs):
    """None: alike. "known: ...": a difference that is listed here. Else the kind of an unexplained one.

    "(diverges)" at the end: what the servers hold differs after it.
    """
    if _error(ours) and _error(theirs):
        return None if ours == theirs else _both_refuse(operation, body, ours, theirs)
    if not _error(ours) and not _error(theirs):
        return _neither_refuses(operation, body, ours["answer"], theirs["answer"])
    kind = _one_refuses(operation, body, ours, theirs)
    return kind + " (diverges)" if operation in WRITES | TABLE_CHANGES else kind
