"""The function that test_lambda.py has called: appends what it is given to a file, and fails when it is told to."""

import json
import os


def handle(event, context):
    with open(os.environ["RECORDS_FILE"], "a") as file:
        for record in event["Records"]:
            change = record["dynamodb"]
            if change["NewImage"].get("fails", {}).get("BOOL") and not os.path.exists(os.environ["MENDED_FILE"]):
                file.write(json.dumps({"failed": change["NewImage"]["v"]["N"]}) + "\n")
                raise RuntimeError("told to fail")
            file.write(json.dumps(record) + "\n")
    return {"taken": len(event["Records"])}
