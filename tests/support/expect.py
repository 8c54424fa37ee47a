"""What the conformance tests say about an answer."""

import json

ENVELOPE = "1 validation error detected: "


def expect_error(reply, message, type="ValidationException", status=400):
    """The answer is this error with exactly this message; None stands for an error without a message."""
    assert (reply.status, reply.type, reply.message) == (status, type, message), reply.body.decode(errors="replace")


def fill(value, table):
    """`value` with every "T" that stands as a whole string or key replaced by the table's name."""
    if isinstance(value, dict):
        return {table if key == "T" else key: fill(item, table) for key, item in value.items()}
    if isinstance(value, list):
        return [fill(item, table) for item in value]
    return table if value == "T" else value


def S(text):
    return {"S": text}


def N(number):
    return {"N": str(number)}


def B(base64):
    return {"B": base64}


def item(**attributes):
    """item(p="a", n=1) as DynamoDB JSON: str is S, int and float N, bool BOOL, None NULL, dict and list as they are."""

    def value(v):
        if isinstance(v, bool):
            return {"BOOL": v}
        if isinstance(v, str):
            return {"S": v}
        if isinstance(v, (int, float)):
            return {"N": str(v)}
        if v is None:
            return {"NULL": True}
        if isinstance(v, list):
            return {"L": [value(e) for e in v]}
        return v

    return {name: value(v) for name, v in attributes.items()}


def sort_items(items):
    return sorted(items, key=lambda entry: json.dumps(entry, sort_keys=True))
