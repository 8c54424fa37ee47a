"""DeleteTable, from outside."""

from support.expect import expect_error, item


def test_a_deleted_table_is_gone_with_its_items(shoal):
    table = shoal.create_table("p:S", gsi={"gsi": "g:S"})
    shoal.put(table, item(p="a", g="g"))
    described = shoal.ok("DeleteTable", {"TableName": table})["TableDescription"]
    assert (described["TableName"], described["TableStatus"]) == (table, "DELETING")
    for operation in ("DescribeTable", "DeleteTable"):
        expect_error(shoal.call(operation, {"TableName": table}),
                     f"Requested resource not found: Table: {table} not found", "ResourceNotFoundException")
    expect_error(shoal.call("Scan", {"TableName": table}), "Requested resource not found", "ResourceNotFoundException")
    assert shoal.create_table("p:S", gsi={"gsi": "g:S"}, name=table) == table
    assert shoal.ok("Scan", {"TableName": table})["Count"] == 0
    assert shoal.ok("Scan", {"TableName": table, "IndexName": "gsi"})["Count"] == 0


def test_a_protected_table_stays(shoal):
    table = shoal.create_table("p:S", DeletionProtectionEnabled=True)
    expect_error(shoal.call("DeleteTable", {"TableName": table}),
                 "Resource cannot be deleted as it is currently protected against deletion. "
                 "Disable deletion protection first.")
    shoal.ok("UpdateTable", {"TableName": table, "DeletionProtectionEnabled": False})
    shoal.ok("DeleteTable", {"TableName": table})


def test_it_takes_the_tables_arn(shoal):
    table = shoal.create_table("p:S")
    arn = shoal.ok("DescribeTable", {"TableName": table})["Table"]["TableArn"]
    shoal.ok("DeleteTable", {"TableName": arn})
    assert shoal.call("DescribeTable", {"TableName": table}).status == 400
