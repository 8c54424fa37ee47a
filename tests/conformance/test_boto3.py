"""boto3 as an application uses it: the client with its paginators and waiters, and the resource."""

import decimal

import boto3
import botocore.config
import pytest
from boto3.dynamodb.conditions import Attr, Key
from botocore.exceptions import ClientError


@pytest.fixture(scope="module")
def resource(shoal):
    return boto3.resource("dynamodb", endpoint_url=shoal.url, region_name="eu-west-1", aws_access_key_id="local",
                          aws_secret_access_key="local", config=botocore.config.Config(retries={"total_max_attempts": 1}))


@pytest.fixture(scope="module")
def table(resource):
    made = resource.create_table(
        TableName="Readings", KeySchema=[{"AttributeName": "sensor", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": "sensor", "AttributeType": "S"}, {"AttributeName": "at", "AttributeType": "N"},
                              {"AttributeName": "kind", "AttributeType": "S"}],
        GlobalSecondaryIndexes=[{"IndexName": "by_kind", "KeySchema": [{"AttributeName": "kind", "KeyType": "HASH"}],
                                 "Projection": {"ProjectionType": "ALL"},
                                 "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5}}],
        ProvisionedThroughput={"ReadCapacityUnits": 5, "WriteCapacityUnits": 5})
    made.wait_until_exists()
    with made.batch_writer() as batch:
        for n in range(500):
            batch.put_item(Item={"sensor": f"s{n % 5}", "at": n, "value": decimal.Decimal(n) / 4, "kind": "even" if n % 2 == 0 else "odd"})
    return made


def test_pages_of_a_query(table):
    got = table.query(KeyConditionExpression=Key("sensor").eq("s1") & Key("at").between(100, 200))
    assert [entry["at"] for entry in got["Items"]] == list(range(101, 200, 5))
    index = table.query(IndexName="by_kind", KeyConditionExpression=Key("kind").eq("odd"), Select="COUNT")
    assert index["Count"] == 250


def test_filters_and_decimals(table):
    got = table.scan(FilterExpression=Attr("value").lt(decimal.Decimal("0.6")) & Attr("kind").is_in(["even", "odd"]))
    assert sorted(entry["value"] for entry in got["Items"]) == [decimal.Decimal("0"), decimal.Decimal("0.25"), decimal.Decimal("0.5")]


def test_paginators(shoal, table, boto):
    client = boto(region="eu-west-1")
    pages = list(client.get_paginator("scan").paginate(TableName="Readings", PaginationConfig={"PageSize": 60}))
    assert sum(page["Count"] for page in pages) == 500 and len(pages) == 9
    assert "Readings" in [name for page in client.get_paginator("list_tables").paginate() for name in page["TableNames"]]


def test_errors_have_their_class(table):
    client = table.meta.client
    with pytest.raises(client.exceptions.ConditionalCheckFailedException) as failure:
        table.put_item(Item={"sensor": "s1", "at": 1}, ConditionExpression=Attr("sensor").not_exists(),
                       ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert failure.value.response["Item"]["at"] == {"N": "1"}
    with pytest.raises(client.exceptions.ResourceInUseException):
        client.create_table(TableName="Readings", KeySchema=[{"AttributeName": "p", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
                            AttributeDefinitions=[{"AttributeName": "p", "AttributeType": "S"}])
    with pytest.raises(ClientError, match="The provided key element does not match the schema"):
        table.get_item(Key={"sensor": "s1"})


def test_update_and_delete(table):
    key = {"sensor": "s0", "at": 0}
    got = table.update_item(Key=key, UpdateExpression="SET #v = #v + :d, tags = :t", ExpressionAttributeNames={"#v": "value"},
                            ExpressionAttributeValues={":d": decimal.Decimal("1.5"), ":t": {"a", "b"}}, ReturnValues="ALL_NEW")
    assert got["Attributes"]["value"] == decimal.Decimal("1.5") and got["Attributes"]["tags"] == {"a", "b"}
    assert table.delete_item(Key=key, ReturnValues="ALL_OLD")["Attributes"]["tags"] == {"a", "b"}
    table.put_item(Item={**key, "value": 0, "kind": "even"})
