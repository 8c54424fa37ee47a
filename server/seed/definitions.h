// Tables as other tools define them, as what CreateTable takes.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "server/seed/document.h"

namespace shoal::seed {

// A table as shoal dump tells it: {"Table": CreateTable's input, "TimeToLive": {...}, "Tags": [...]}, the last two if
// any.
struct Definition {
  Json table;
  std::vector<std::string> left_out;  // Properties that were defined and are not made.
};

struct Item {
  std::string table;
  Json item;  // DynamoDB JSON.
};

struct Definitions {
  std::vector<Definition> tables;
  std::vector<Item> items;
};

// All three throw std::runtime_error, naming the resource and what about it cannot be understood.

// AWS::DynamoDB::Table, AWS::DynamoDB::GlobalTable (as a table) and AWS::Serverless::SimpleTable of a template, be it
// CloudFormation's, SAM's or the CDK's. `parameters` go before the defaults that the template gives. A table without a
// name is called by its logical id. Functions that only AWS can answer (Fn::ImportValue) fail where a table depends on
// them. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
Definitions from_cloudformation(const Json& document, const std::map<std::string, std::string>& parameters);

// aws_dynamodb_table and aws_dynamodb_table_item of `terraform show -json`, of a plan or of a state.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/dynamodb_table
Definitions from_terraform(const Json& document);

// CreateTable's input, or what DescribeTable says ({"Table": ...} or only that).
Definition from_api(const Json& document);

}  // namespace shoal::seed
