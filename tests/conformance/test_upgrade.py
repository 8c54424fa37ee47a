"""A data folder that an older Shoal wrote: tests/storage/format-1.tar.gz, made by the last one before the write-ahead log."""

import subprocess
import tarfile

from support.shoal_process import ROOT, Shoal, binary

STREAMS = "DynamoDBStreams_20120810"


def test_a_folder_of_format_1_is_taken_over_with_all_that_is_in_it(tmp_path):
    with tarfile.open(ROOT / "tests/storage/format-1.tar.gz") as kept:
        kept.extractall(tmp_path)
    assert (tmp_path / "format").read_text() == "shoal data format 1\n"
    with Shoal.start(f"--data-dir={tmp_path}") as shoal:
        assert shoal.ok("ListTables", {})["TableNames"] == ["Other", "Songs"]
        items = shoal.ok("Scan", {"TableName": "Songs", "ConsistentRead": True})["Items"]
        assert sorted(int(item["c"]["N"]) for item in items) == list(range(1, 20))
        for item in items:
            number = int(item["c"]["N"])
            assert item == {"p": {"S": "a" * (1 + number * 100)}, "c": {"N": str(number)}, "g": {"S": f"g{number % 3}"},
                            "expires": {"N": "4000000000"}, "v": {"L": [{"N": "1.5"}, {"M": {"x": {"SS": ["a", "b"]}}}]}}
        found = shoal.ok("Query", {"TableName": "Songs", "IndexName": "by_g", "KeyConditionExpression": "g = :g",
                                   "ExpressionAttributeValues": {":g": {"S": "g1"}}})
        assert found["Count"] == 7
        table = shoal.ok("DescribeTable", {"TableName": "Songs"})["Table"]
        assert shoal.ok("ListTagsOfResource", {"ResourceArn": table["TableArn"]})["Tags"] == [{"Key": "team", "Value": "sea"}]
        assert shoal.ok("DescribeTimeToLive", {"TableName": "Songs"})["TimeToLiveDescription"]["AttributeName"] == "expires"
        stream = shoal.ok("DescribeStream", {"StreamArn": table["LatestStreamArn"]}, target=STREAMS)["StreamDescription"]
        assert stream["StreamStatus"] == "ENABLED" and stream["StreamViewType"] == "NEW_AND_OLD_IMAGES"
        shoal.put("Songs", {"p": {"S": "new"}, "c": {"N": "1"}})
        assert shoal.ok("GetItem", {"TableName": "Other", "Key": {"p": {"B": "AQI="}}})["Item"] == {"p": {"B": "AQI="}}
    assert (tmp_path / "format").read_text() == "shoal data format 3\n"
    checked = subprocess.run([binary(), "check", f"--data-dir={tmp_path}"], capture_output=True, text=True, timeout=60)
    assert checked.returncode == 0 and "2 tables, 21 items, 19 index entries" in checked.stdout, checked.stdout
