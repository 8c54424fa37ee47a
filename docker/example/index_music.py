"""The function of compose.yaml: prints what became of each song."""


def handler(event, context):
    for record in event["Records"]:
        keys = record["dynamodb"]["Keys"]
        print(f"{record['eventName']} {keys['Artist']['S']}: {keys['Song']['S']}", flush=True)
