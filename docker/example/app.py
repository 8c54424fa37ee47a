"""The application of compose.yaml: makes a table with a stream, unless it is there, and writes a song."""

import boto3

client = boto3.client("dynamodb")
try:
    client.create_table(
        TableName="Music", BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("Artist", "Song")],
        KeySchema=[{"AttributeName": "Artist", "KeyType": "HASH"}, {"AttributeName": "Song", "KeyType": "RANGE"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"})
except client.exceptions.ResourceInUseException:
    print("The table is there, from an earlier start.")
client.get_waiter("table_exists").wait(TableName="Music", WaiterConfig={"Delay": 1})
client.put_item(TableName="Music", Item={"Artist": {"S": "Acme"}, "Song": {"S": "Tide"}, "Year": {"N": "1999"}})
print(client.query(TableName="Music", KeyConditionExpression="Artist = :a",
                   ExpressionAttributeValues={":a": {"S": "Acme"}})["Items"])
