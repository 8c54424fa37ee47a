"""DescribeLimits and DescribeEndpoints, from outside."""


def test_the_default_quotas(shoal):
    assert shoal.ok("DescribeLimits", {}) == {
        "AccountMaxReadCapacityUnits": 80000, "AccountMaxWriteCapacityUnits": 80000,
        "TableMaxReadCapacityUnits": 40000, "TableMaxWriteCapacityUnits": 40000}


def test_the_endpoint_is_one_that_the_caller_can_reach(shoal):
    [endpoint] = shoal.ok("DescribeEndpoints", {})["Endpoints"]
    assert endpoint["CachePeriodInMinutes"] == 1440
    assert isinstance(endpoint["Address"], str) and endpoint["Address"]
