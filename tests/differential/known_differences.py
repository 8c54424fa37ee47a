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

STATEMENTS = {"ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"}
WRITES = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems", "ExecuteStatement", "BatchExecuteStatement",
          "ExecuteTransaction"}
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
_STATEMENT_FAULTS = (
    r"Statement wasn't well formed", r"Unsupported ", r"Number of parameters", r"Incorrect ", r"Two document paths", r"Duplicate identifiers", r"Unrecognized function",
    r"Strongly consistent read", r"Where clause does not", r"Key attribute", r"Invalid (returning|attribute)", r"EXISTS", r"Operator or function", r"The (first|second) ",
    r"SET_", r"Select statements", r"Table name should", r"A path may", r"Path component", r"Empty bags", r"Variable reference", r"Must have WHERE", r"Unexpected ",
    r"Validation failed", r"The BETWEEN operator", r"Aliasing", r"This operation is not", r"Attribute ", r"Input collection", r"Only ", r"The table does not have", r"Reads on indices", r"Operations on indices")
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
    (EXPRESSION - .3, (r"ExpressionAttribute(Names|Values) must not be empty",), None, ""),
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
    (None, (_INVALID,), (r"ConditionalOperator can", r"Attempted conditional"), "validation, 3: 4. legacy rules: silent on their order"),
    (None, (r"Item size has exceeded", _INVALID, r"Supplied AttributeValue", r"Number (over|under)flow", r"Empty attribute name", r"The parameter cannot be"),
     (r"Too many items requested",), "validation, 14: silent on the order of values, sizes and counts"),
    (None, (r"Invalid \w+Expression",), (r"Item size has exceeded",), "limits, 1: 'item plus each LSI projection entry must fit' is known with the table, after the expressions; sizes of numbers as limits, 2"),
    (None, (r"One or more parameter values are not valid",), (r"One or more parameter values are not valid",), "validation, 5 and 10: silent on which of several empty keys"),
    (None, (_INVALID + r"Type mismatch for Index Key", r"One or more parameter values are not valid"), (_INVALID + r"Size limit exceeded", r"Hash primary key values must"),
     "validation, 5: silent on which of several index keys"),
    (None, _CONSTRAINT, (_INVALID + r"streamArn cannot be empty",), "streams, 7: missing members: ValidationException (constraint envelope)"),
    (None, (r"ConditionalOperator can",), (_INVALID, r"The BETWEEN condition", r"Attempted conditional"), "validation, 16: silent on the order"),
    (None, (r"Invalid UpdateExpression: Two document paths conflict",), (r"Invalid UpdateExpression: Two document paths conflict",), _OVERLAP),
    (None, (r"TransactItems can only", r".*Value null at 'transactItems"), (r"TransactItems can only",), "validation, 15: '(1) member constraints of all actions, aggregated'"),
    (None, (_INVALID + r"Cannot update attribute",), (r"Key attributes must be scalars",), "validation, 3: 8. silent on which of two comes first"),
    (None, (r"Failed to satisfy constraint",) + _CONSTRAINT, (r"Member must satisfy enum value set", _INVALID + r"Select type"), "validation, 1: 2026 forms [C]"),
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
    (None, (r"(ExpressionAttributeValues contains invalid value: )?Nesting Levels have exceeded",), (r"",),
     "limits, 1: 'the attribute itself is level 1: 31 nested maps/lists around a scalar are fine, 32 rejected' [C]; Local lets values of expressions have one more, or says less"),
    (None, (r"One or more parameter values are not valid",), (r"Transaction request cannot include multiple",), "validation, 15: Order [C]: '(2) ... empty keys' before '(3) duplicate target'"),
    (None, (r"The (Total)?Segments? parameter", r"ExpressionAttribute(Names|Values) can only be specified", r"Invalid \w+Expression: Attribute name is a reserved keyword"), (_INVALID + r"Select type ALL_ATTRIBUTES",), STAGES),
    (None, (r"The BETWEEN condition was provided",), (_INVALID + r"ComparisonOperator",), "validation, 3: 4. 'legacy Expected/filters' come before 6. 'KeyConditions conversion'"),
    (None, _CONSTRAINT, (r"Get Condition for key not in key list", r"The filter condition for an attribute cannot be null"), "validation, 3: constraints first; Local has its own words"),
    (None, (r"Invalid FilterExpression: The expression can not be empty",), (r"ExpressionAttribute(Names|Values) can only be specified",), "validation, 6: an empty expression is one; Local takes it for none"),
    (None, (r"Invalid \w+Expression: The function is not allowed to be used this way",), (r"Invalid \w+Expression: Attribute name is a reserved keyword",),
     "validation, 6: '{reserved word, unknown function, misused function}. Within the braces Local reports the first one met; dynalite: misused function, reserved'"),
    (None, (_INVALID + r"A set may not have a null",), (_NUMBER,), "validation, 4; Local takes the null for a number"),
    (None, (r"One or more parameter values are not valid",), (r"Invalid attribute value type",), "validation, 5: silent on the faults of several keys; Shoal, the first in the request"),
    (None, (_INVALID + r"Cannot update attribute",), (_INVALID + r"Cannot update attribute",), "validation, 8: silent on which of several key attributes; Shoal, the first in the text"),
    (None, (r"Key attributes must be scalars",), (r"One or more parameter values are not valid", r"The number of conditions on the keys", r"Hash primary key values"), "validation, 14: silent on the faults of several tables; Shoal, that of the first table"),
    (None, _MISMATCH + (r"One or more parameter values are not valid",), (r"ResourceNotFoundException: Cannot do operations",), "validation, 14: silent on the faults of several tables; Shoal, that of the first table"),
    (None, _MISMATCH, (r"One or more parameter values are not valid", r"Hash primary key values must be under"), "validation, 5: silent on the faults of several keys; Shoal, the first in the request"),
    (None, (r"Invalid \w+Expression: Attribute name is a reserved keyword; reserved keyword: size",), (r"DynamoDB only supports precision", _NUMBER, r"Empty attribute name", r"ExpressionAttributeValues contains invalid"),
     "validation, 21: SIZE is among the 573 reserved words; 15: 'per action in request order: expression parse ... numbers'"),
    (None, (r"Invalid \w+Expression: Invalid function name; function:",), (r"Invalid \w+Expression: Attribute name is a reserved keyword",),
     "validation, 6: '{reserved word, unknown function, misused function}. Within the braces Local reports the first one met; dynalite: unknown function first'"),
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
    if operation in STATEMENTS:
        known = _statements_refused(operation, mine, other)
        if known is not None:
            return known or None
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
    if theirs["message"].startswith("ExpressionAttributeValues contains invalid value"):
        second = EXPRESSION - .1
    if operation == "BatchGetItem" and len(body["RequestItems"]) > 1 and None not in (first, second) and {int(first), int(second)} <= {MIX, VALUE, EXPRESSION}:
        return "known: validation, 14: silent on the faults of several tables; Shoal, that of the first table"
    if operation in ("CreateTable", "UpdateTable") and _begins(mine, _TABLE_FAULTS + _CONSTRAINT):
        return "known: validation, 17: 'DynamoDB Local has its own wording for almost all of these: do not imitate.'"
    if operation.startswith("Transact") and {stage(mine, False), stage(other, True)} <= {VALUE, SCHEMA, MIX, EXPRESSION - .2}:
        return "known: validation, 15: '(2) per action in request order: ... numbers, put item size, empty keys → all as top-level ValidationException'"
    if first is not None and second is not None and first < second:
        return f"known: {STAGES}"
    return f"error {operation}: {mine[:110]} / {other[:110]}"


def _statements_refused(operation, mine, other):
    """A reference, "" when they are alike, None when the rest shall say."""
    if mine == other:
        return ""
    mine, other = (re.sub(r"^Validation failed in TransactStatements\[\d+\]: |^ValidationException: ", "", each) for each in (mine, other))
    if mine == other:
        return "known: validation, 19: 'Validation failed in TransactStatements[0]: ...' of the faults that it lists so; Local of every one"
    if mine.startswith("DuplicateItemException: ") and other.startswith("DuplicateItem: "):
        return "known: wire, 4: 'PartiQL's duplicate key error is DuplicateItemException. Local prints DuplicateItem. [M][L]'"
    if mine.startswith("Number of parameters"):
        return "known: expressions, 9: 'count must equal the Parameters list for writes and for missing ones'; Local lets surplus ones be"
    if operation == "ExecuteTransaction" and "ExecuteTransaction API does not support both" in other:
        return "known: validation, 19: silent on whether each statement's faults or the mixture is told; Shoal: the statement's"
    if mine.startswith("Statement wasn't well formed") and other.startswith("Statement wasn't well formed"):
        return "known: validation, 19: 'Statement wasn't well formed, can't be processed: + detail ... Local repeats the statement instead.'"
    if mine.startswith(("Number ", "Attempting to store", "Nesting Levels")) and mine.startswith(other.removesuffix(" supported limits")[:12]):
        return "known: validation, 19: 'Number overflow. ... under root'; limits, 1: the nesting message [C]; Local says less"
    if mine.startswith(("RETURNING clause is not", "EXISTS() must")) or other.startswith(("RETURNING clause is not", "EXISTS() must")):
        return "known: validation, 19: silent on which of several faults of a transaction's statements is told"
    if _begins(mine, _STATEMENT_FAULTS + _CONSTRAINT + (r"(Duplicate|Conditional|Resource)", "Number ", "Attempting", "Nesting", "The parameter", "The document", "Supplied ", _INVALID, "One or more", "Provided list", "MISSING must", "IN operator", "The provided expression", "An operand in", "The update expression", "Invalid attribute type name", "Transaction request cannot"))\
            and _begins(other, _STATEMENT_FAULTS + (r"Transaction(Canceled|Cancelled|\ request)", r"ResourceNotFound", r"The statement was empty", r"Read and write requests", r"Key value must", r"WHERE clause must", r"Number ", r"Execute", r"Batch\w+ cannot",
                                                    r"Consistent read cannot", r"A value provided", "Supplied ", _INVALID, "The arguments? to", "One or more", "Conditional", "Nesting", "MISSING must", "IN operator", "Invalid operation", "Must have at least", "Item size", "Empty attribute name", "DuplicateItem", "DynamoDB only supports", "InternalFailure")):
        return "known: validation, 19: silent on which of several faults of a statement is told"
    return None


def _of_one_fault(mine, other):
    return mine == other or any(their_texts and _begins(mine, our_texts) and _begins(other, their_texts) for _, our_texts, their_texts, _ in FAULTS)


def _cancelled(operation, body, ours, theirs):
    if _error(ours) == _error(theirs):
        mine, other = ([(code, item, (message or "").removesuffix(".")) for code, item, message in each["reasons"]] for each in (ours, theirs))
        if mine != other and any(code == "DuplicateItem" for code, *_ in mine):
            mine = [("ValidationError" if code == "DuplicateItem" else code, item, message) for code, item, message in mine]
            if mine == other:
                return "known: validation, 19: 'duplicate insert → cancelled with DuplicateItem (Local prints ValidationError)'"
        if mine == other:
            return "known: validation, 15: ConditionalCheckFailed: 'The conditional request failed'; Local ends it with a full stop now and then"
        if not other:
            return "known: validation, 15: 'CancellationReasons: one entry per action'; Local has none for a key that does not match the schema"
        if len(mine) != len(other):
            return "known: validation, 15: 'CancellationReasons: one entry per action'; Local has only those of wrong keys"
        for (code, _, message), (other_code, _, other_message) in zip(mine, other):
            alike = code == other_code and _of_one_fault(message, other_message)
            stopped = other_code == "None" and any("ValidationError" in (each[0], other_each[0]) for each, other_each in zip(mine, other))
            if not alike and not stopped and not (code == "ValidationError" and other_code in ("ConditionalCheckFailed", "None")):
                return f"reasons {operation}: {code} {message[:80]} / {other_code} {other_message[:80]}"
        return "known: validation, 3: 'key/schema checks, index-key checks, nested key paths' come before 'condition evaluation'"
    if _error(ours) == "TransactionCanceledException" and any(code == "ValidationError" for code, *_ in ours["reasons"]):
        return "known: validation, 15: 'Which item errors cancel (ValidationError reason) [C] ... Local raises several of these at top level.'"
    if (_error(ours) == "TransactionCanceledException" and "document path" in _text(operation, theirs)
            and re.search("REMOVE|DELETE", json.dumps(body))):
        return "known: expressions, 6: 'REMOVE: ... if the whole item does not exist, it is silently ignored. [V]'"
    if operation == "ExecuteTransaction" and re.search(r"IS +(NOT +)?(NUMBER|STRING)|VALUE \?", json.dumps(body)):
        return "known: expressions, 9: 'IS [NOT] <type>'; Local reads some of these otherwise"
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
    (r"TransactWriteItems|ExecuteTransaction", None, (r"IdempotentParameterMismatchException: ",), lambda body: "ClientRequestToken" in body,
     "validation, 15: silent on the token of a transaction that was cancelled: Shoal frees it, for nothing was done; Local keeps it"),
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
    (r"Execute(Statement|Transaction)", None, (r".*",), lambda body: re.search(r"IS +(NOT +)?(NUMBER|STRING)", json.dumps(body)),
     "expressions, 9: 'IS [NOT] <type>'; Local knows other types' names"),
    (r"ExecuteTransaction", None, (r"Transaction request cannot include multiple",), lambda body: "SELECT" in json.dumps(body),
     "limits, 4: 'no two actions on same item (write)'; Local refuses two reads of one, too"),
    (r"ExecuteStatement", None, (r"One or more parameter values are not valid\. The AttributeValue for a key",), lambda body: "begins_with" in body["Statement"],
     "expressions, 5: 'begins_with: empty prefix → true'"),
    (r"ExecuteStatement", (_INVALID + r"(Size of hashkey|Aggregated)",), None, None, "validation, 5: hash too long, range too long [C D]"),
    (r"Execute\w+", None, (r"(Validation failed in TransactStatements\[\d+\]: )?(The arguments? to (AND/OR|NOT) must be|WHERE clause must contain)",), None, "expressions, 9: '`WHERE … AND FALSE`-like constants also fail the condition. [C]'; Local takes none"),
    (r"ExecuteStatement", None, (_INVALID + r"Condition parameter type",), None, "expressions, 4: 'Different types: = false, <> true, ordering false': a scan's filter on a key is one like others"),
    (r"", (r"(ExpressionAttributeValues contains invalid value: )?Nesting Levels have exceeded",), None, None,
     "limits, 1: '31 nested maps/lists around a scalar are fine, 32 rejected' [C]; Local lets values of expressions and parameters have one more"),
    (r"", (r"1 validation error detected: Value '\[\]' at 'attributesToGet'",), None, None, "validation, 9: 'empty list → length constraint attributesToGet'"),
    (r"ExecuteStatement", (r"Select statements within BatchExecuteStatement must specify",), None, None,
     "expressions, 9: 'each must identify a single item', which the key of an index does not"),
    (r"ExecuteStatement", None, (r"Key attribute's data type should match",), lambda body: re.search(r"\bIS\b", body["Statement"]),
     "expressions, 9: IS says of which type a value is, it compares none"),
    (r"ExecuteStatement", None, (r"InternalFailure: ",), None, "silent: Local breaks; Shoal answers"),
    (r"Execute(Statement|Transaction)", (r"Number of parameters in request",), None, None, "expressions, 9: 'count must equal the Parameters list for writes and for missing ones'"),
    (r"\w+Execute\w+|Execute\w+", _CONSTRAINT, None, None, "validation, 19: 'Value '[]' at 'parameters' failed to satisfy constraint: ... greater than or equal to 1 [V]'"),
    (r"\w*Execute\w*", (r"The update expression attempted to update the secondary index key",), None, None, "validation, 5: index key wrong type (update) [C]"),
    (r"BatchExecuteStatement", None, (r"",), None, "validation, 19: 'BatchExecuteStatement: 200 with per-statement Error'; Local refuses the batch for a parameter"),
    (r"BatchExecuteStatement", (r"Provided list of item keys contains duplicates",), None, None, "validation, 19: duplicates; Local looks only at statements that it can run"),
    (r"\w*Execute\w*|TransactWriteItems", (r"Key attributes must be scalars",), None, None, "validation, 5: 'Nested paths on key attributes in any expression'; Local forgets it in statements and checks"),
    (r"UpdateTimeToLive", (r"Time to live has been modified multiple times",), None, None, "validation, 18: 'Time to live has been modified multiple times within a fixed interval'"),
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


def _untold_of_statements(operation, body, ours, theirs):
    return (_without_capacity(ours), theirs) if operation in STATEMENTS else (ours, theirs)


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


def _one_rounding(operation, body, ours, theirs):
    if operation in ("GetItem", "Query", "Scan", "TransactGetItems") and "ConsumedCapacity" in ours and "ConsumedCapacity" in theirs:
        total = lambda answer: sum(each["CapacityUnits"] for each in ([answer["ConsumedCapacity"]] if isinstance(answer["ConsumedCapacity"], dict) else answer["ConsumedCapacity"]))
        if abs(total(ours) - total(theirs)) <= 2:
            return _without_capacity(ours), _without_capacity(theirs)
    return ours, theirs


def _touched(operation, body, ours, theirs):
    if operation == "ExecuteStatement" and re.search(r"[.\[].* RETURNING MODIFIED", body["Statement"]):
        return _without(ours, {"Items"}), _without(theirs, {"Items"})
    if operation == "UpdateItem" and str(body.get("ReturnValues")).startswith("UPDATED") and re.search(r"[.\[]", str(body.get("UpdateExpression"))):
        return _without(ours, {"Attributes"}), _without(theirs, {"Attributes"})
    return ours, theirs


def _last_page(operation, body, ours, theirs):
    if operation == "ExecuteStatement" and "Limit" in body and "LastEvaluatedKey" not in theirs and len(ours["Items"]) >= int(body["Limit"]):
        return _without(ours, {"LastEvaluatedKey"}), theirs
    if operation == "Query" and "LastEvaluatedKey" not in theirs and ours.get("ScannedCount") == body.get("Limit"):
        return _without(ours, {"LastEvaluatedKey"}), theirs
    return ours, theirs


def _statuses(operation, body, ours, theirs):
    names = {"StreamSpecification",} if operation == "DeleteTable" else set()  # "fields may be absent"
    names |= {"TableStatus", "IndexStatus", "TimeToLiveStatus", "ProvisionedThroughput"} if operation in ("UpdateTable", "CreateTable", "DeleteTable") else set()
    names |= {"IndexStatus"} if operation == "DescribeTable" and '"IndexStatus": "CREATING"' in json.dumps(theirs) else set()
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


def _attributes_of_deleted_index(operation, body, ours, theirs):
    """Those that only the index needs, which both describe as DELETING."""
    if operation == "UpdateTable" and "Delete" in str(body.get("GlobalSecondaryIndexUpdates")):
        return _without(ours, {"AttributeDefinitions"}), _without(theirs, {"AttributeDefinitions"})
    return ours, theirs


def _elements_projected(operation, body, ours, theirs):
    statements = [body] if operation == "ExecuteStatement" else body.get("TransactStatements", [])
    if any(re.match(r"SELECT [^*]*\[\d+\].* FROM", each["Statement"], re.I) for each in statements):
        return _without(ours, {"Items", "Item"}), _without(theirs, {"Items", "Item"})
    return ours, theirs


def _order_of_binaries(operation, body, ours, theirs):
    if operation == "ExecuteStatement" and "ORDER BY" in body["Statement"] and '"B"' in json.dumps(body):
        in_any = lambda answer: {**answer, "Items": sorted(answer["Items"], key=json.dumps)}
        return in_any(ours), in_any(theirs)
    return ours, theirs


def _absent_of_index(operation, body, ours, theirs):
    if operation == "ExecuteStatement" and re.search(r'"\."\w+" .*\b(IS|attribute_(not_)?exists|attribute_type|contains|begins_with|size)\b', body["Statement"], re.I):
        return _without(ours, {"Items"}), _without(theirs, {"Items"})
    return ours, theirs


# What is the same after this is taken from both answers, one after another; the reference.
ANSWERS = [
    (_untold_of_statements, "capacity, 2: 'PartiQL: as underlying operation'; Local tells nothing of it"),
    (_metrics, "capacity, 4: ItemCollectionMetrics: 'DynamoDB Local never returns it'"),
    (_units_by_kind, "capacity, 3: 'ReadCapacityUnits / WriteCapacityUnits ... used in transactions responses in production'"),
    (_zero_arms, "capacity, 3: 'Arms with zero cost are absent (Local prints a 0.0 arm for the index being scanned and for Table)'"),
    (_untold_capacity, "capacity, 3: 'NONE (default): omitted' (Local tells it of some deletes)"),
    (_capacity_of(lambda operation, body, ours: operation in ("Query", "Scan") and ours["ScannedCount"] == 0),
     "capacity, 2: 'No item: minimum 0.5 / 1 [G][V]; (Local and dynalite report 0.0)'"),
    (_capacity_of(lambda operation, body, ours: operation in ("Query", "Scan") and str(body.get("IndexName", "")).startswith("Local")),
     "capacity, 2: 'for each item that needs fetch of non-projected attributes add the whole table item'; Local only where one has some"),
    (_capacity_of(lambda operation, body, ours: operation == "Scan" and "IndexName" in body),
     "capacity, 2: of an index, the sizes of its entries; Local at times those of the items"),
    (_capacity_of(lambda operation, body, ours: operation in ("PutItem", "UpdateItem", "DeleteItem")),
     "capacity, 2: 'entry absent before and after: 0'; Local charges for an entry of which only some key attributes are there"),
    (_capacity_of(lambda operation, body, ours: operation == "BatchWriteItem"),
     "capacity, 2: 'sum of the above per request, each rounded separately [V]'; Local charges indexes of what is not there"),
    (_capacity_of(lambda operation, body, ours: operation == "BatchGetItem"),
     "capacity, 2: 'missing keys count as minimum 0.5/1 in production; Local counts 0 for missing keys'"),
    (_capacity_of(lambda operation, body, ours: operation == "TransactWriteItems"),
     "capacity, 2: 'DynamoDB Local TransactWrite: condition check + delete of missing = 3.0: prefer 2 × rule. [L]'"),
    (_one_rounding, "limits, 2: 'N measured in production ...'; Local's sizes of numbers are others, so that a sum may round to another unit"),
    (_touched, "expressions, 6: 'Nested paths: production returns only the touched leaf inside its parents [V][D]. Local returns the entire top-level attribute'"),
    (_last_page, "limits, 4: 'LEK is returned even if exactly at the end of data when Limit equals the count of remaining items'"),
    (_statuses, "controlplane, 1: 'Local: everything is immediate ACTIVE'; 2: 'Response shows the requested state in progress (status UPDATING, old throughput until done)'"),
    (_attributes_of_deleted_index, "controlplane, 2: silent on the attributes of an index while it is DELETING; Shoal describes them with it"),
    (_elements_projected, "expressions, 9: 'path projections are keyed by the last path step (li[0] -> li[0])'; Local in batches by the attribute"),
    (_order_of_binaries, "expressions, 4: binaries are ordered as unsigned bytes; Local orders those of several partitions as signed ones"),
    (_absent_of_index, "controlplane, 3: a global index holds what is projected, and what it does not hold is MISSING; Local looks into the table"),
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
    if operation == "BatchExecuteStatement":
        return _slots(body, ours, theirs)
    if ours == theirs:
        return None
    for step, reference in ANSWERS:
        before = ours, theirs
        ours, theirs = step(operation, body, ours, theirs)
        if (ours, theirs) != before and ours == theirs:
            return f"known: {reference}"
    return f"answer {operation}"


_SLOT_ERRORS = {"ValidationError": "ValidationException", "ConditionalCheckFailed": "ConditionalCheckFailedException",
                "ResourceNotFound": "ResourceNotFoundException", "DuplicateItem": "DuplicateItemException"}


def _slot(response):
    if "Error" not in response:
        return {"answer": {"Items": [response["Item"]] if "Item" in response else []}}
    error = response["Error"]
    return {"error": _SLOT_ERRORS.get(error["Code"], error["Code"]), "message": error.get("Message", ""), "item": error.get("Item"), "reasons": []}


def _slots(body, ours, theirs):
    """Each statement of a batch as a request of its own."""
    kinds = [explained("ExecuteStatement", statement, _slot(mine), _slot(other))
             for statement, mine, other in zip(body["Statements"], ours["Responses"], theirs["Responses"])]
    kinds = sorted((kind for kind in kinds if kind), key=lambda kind: kind.startswith("known: "))
    if not kinds:
        return None if _without_capacity(ours) == theirs else "known: validation, 19: silent on where TableName stands beside an Error; both servers tell it of some"
    diverges = " (diverges)" if any(kind.endswith(" (diverges)") for kind in kinds) else ""
    return kinds[0].removesuffix(" (diverges)") + diverges


def explained(operation, body, ours, theirs):
    """None: alike. "known: ...": a difference that is listed here. Else the kind of an unexplained one.

    "(diverges)" at the end: what the servers hold differs after it.
    """
    if operation == "BatchExecuteStatement" and "contains duplicates" in ours.get("message", "") + theirs.get("message", ""):
        return "known: validation, 14: 'fails the whole batch before any write'; Local runs the statements before the one that is there twice (diverges)"
    if _error(ours) and _error(theirs):
        return None if ours == theirs else _both_refuse(operation, body, ours, theirs)
    if not _error(ours) and not _error(theirs):
        return _neither_refuses(operation, body, ours["answer"], theirs["answer"])
    kind = _one_refuses(operation, body, ours, theirs)
    return kind + " (diverges)" if operation in WRITES | TABLE_CHANGES else kind
