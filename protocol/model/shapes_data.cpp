// Written by scripts/import-model from Amazon's service models: change that script, not this file.
// clang-format off
#include "protocol/model/shapes.h"

#include "protocol/model/patterns.h"

namespace shoal::model {
namespace {

namespace dynamodb {

extern const Shape ApproximateCreationDateTimePrecision;
extern const Shape AttributeAction;
extern const Shape AttributeDefinition;
extern const Shape AttributeDefinitions;
extern const Shape AttributeName;
extern const Shape AttributeNameList;
extern const Shape AttributeUpdates;
extern const Shape AttributeValue;
extern const Shape AttributeValueList;
extern const Shape AttributeValueUpdate;
extern const Shape AutoScalingPolicyName;
extern const Shape AutoScalingPolicyUpdate;
extern const Shape AutoScalingRoleArn;
extern const Shape AutoScalingSettingsUpdate;
extern const Shape AutoScalingTargetTrackingScalingPolicyConfigurationUpdate;
extern const Shape BackupArn;
extern const Shape BackupName;
extern const Shape BackupTypeFilter;
extern const Shape BackupsInputLimit;
extern const Shape BatchExecuteStatementInput;
extern const Shape BatchGetItemInput;
extern const Shape BatchGetRequestMap;
extern const Shape BatchStatementRequest;
extern const Shape BatchWriteItemInput;
extern const Shape BatchWriteItemRequestMap;
extern const Shape BillingMode;
extern const Shape BinaryAttributeValue;
extern const Shape BinarySetAttributeValue;
extern const Shape BooleanAttributeValue;
extern const Shape BooleanObject;
extern const Shape BulkOperationArn;
extern const Shape BulkOperationInputFormat;
extern const Shape BulkOperationMaxWriteRequestUnits;
extern const Shape BulkOperationNextToken;
extern const Shape BulkOperationPerformanceTier;
extern const Shape CancelBulkOperationInput;
extern const Shape ClientRequestToken;
extern const Shape ClientToken;
extern const Shape ComparisonOperator;
extern const Shape Condition;
extern const Shape ConditionCheck;
extern const Shape ConditionExpression;
extern const Shape ConditionalOperator;
extern const Shape ConfirmRemoveSelfResourceAccess;
extern const Shape ConsistentRead;
extern const Shape ContributorInsightsAction;
extern const Shape ContributorInsightsMode;
extern const Shape CreateBackupInput;
extern const Shape CreateGlobalSecondaryIndexAction;
extern const Shape CreateGlobalTableInput;
extern const Shape CreateGlobalTableWitnessGroupMemberAction;
extern const Shape CreateReplicaAction;
extern const Shape CreateReplicationGroupMemberAction;
extern const Shape CreateTableInput;
extern const Shape CreateVectorIndexAction;
extern const Shape CsvDelimiter;
extern const Shape CsvHeader;
extern const Shape CsvHeaderList;
extern const Shape CsvOptions;
extern const Shape DataTableNameOrArn;
extern const Shape Date;
extern const Shape Delete;
extern const Shape DeleteBackupInput;
extern const Shape DeleteGlobalSecondaryIndexAction;
extern const Shape DeleteGlobalTableWitnessGroupMemberAction;
extern const Shape DeleteItemInput;
extern const Shape DeleteReplicaAction;
extern const Shape DeleteReplicationGroupMemberAction;
extern const Shape DeleteRequest;
extern const Shape DeleteResourcePolicyInput;
extern const Shape DeleteTableInput;
extern const Shape DeleteVectorIndexAction;
extern const Shape DeletionProtectionEnabled;
extern const Shape DescribeBackupInput;
extern const Shape DescribeBulkOperationInput;
extern const Shape DescribeContinuousBackupsInput;
extern const Shape DescribeContributorInsightsInput;
extern const Shape DescribeEndpointsRequest;
extern const Shape DescribeExportInput;
extern const Shape DescribeGlobalTableInput;
extern const Shape DescribeGlobalTableSettingsInput;
extern const Shape DescribeImportInput;
extern const Shape DescribeKinesisStreamingDestinationInput;
extern const Shape DescribeLimitsInput;
extern const Shape DescribeTableInput;
extern const Shape DescribeTableReplicaAutoScalingInput;
extern const Shape DescribeTimeToLiveInput;
extern const Shape DisassociateReplicationGroupMemberAction;
extern const Shape DisassociationMode;
extern const Shape DisassociationProtectionEnabled;
extern const Shape DoubleObject;
extern const Shape EnableKinesisStreamingConfiguration;
extern const Shape ExecuteStatementInput;
extern const Shape ExecuteTransactionInput;
extern const Shape ExpectedAttributeMap;
extern const Shape ExpectedAttributeValue;
extern const Shape ExportArn;
extern const Shape ExportFormat;
extern const Shape ExportFromTime;
extern const Shape ExportNextToken;
extern const Shape ExportTableToPointInTimeInput;
extern const Shape ExportTime;
extern const Shape ExportToTime;
extern const Shape ExportType;
extern const Shape ExportViewType;
extern const Shape ExpressionAttributeNameMap;
extern const Shape ExpressionAttributeNameVariable;
extern const Shape ExpressionAttributeValueMap;
extern const Shape ExpressionAttributeValueVariable;
extern const Shape FilterConditionMap;
extern const Shape FilterSpecification;
extern const Shape Get;
extern const Shape GetItemInput;
extern const Shape GetResourcePolicyInput;
extern const Shape GlobalSecondaryIndex;
extern const Shape GlobalSecondaryIndexAutoScalingUpdate;
extern const Shape GlobalSecondaryIndexAutoScalingUpdateList;
extern const Shape GlobalSecondaryIndexList;
extern const Shape GlobalSecondaryIndexUpdate;
extern const Shape GlobalSecondaryIndexUpdateList;
extern const Shape GlobalTableGlobalSecondaryIndexSettingsUpdate;
extern const Shape GlobalTableGlobalSecondaryIndexSettingsUpdateList;
extern const Shape GlobalTableSettingsReplicationMode;
extern const Shape GlobalTableWitnessGroupUpdate;
extern const Shape GlobalTableWitnessGroupUpdateList;
extern const Shape ImportArn;
extern const Shape ImportNextToken;
extern const Shape ImportTableInput;
extern const Shape IncrementalExportSpecification;
extern const Shape IndexName;
extern const Shape InputCompressionType;
extern const Shape InputFormat;
extern const Shape InputFormatOptions;
extern const Shape InputS3Configuration;
extern const Shape IntegerObject;
extern const Shape KMSMasterKeyId;
extern const Shape Key;
extern const Shape KeyConditions;
extern const Shape KeyExpression;
extern const Shape KeyList;
extern const Shape KeySchema;
extern const Shape KeySchemaAttributeName;
extern const Shape KeySchemaElement;
extern const Shape KeyType;
extern const Shape KeysAndAttributes;
extern const Shape KinesisStreamingDestinationInput;
extern const Shape ListAttributeValue;
extern const Shape ListBackupsInput;
extern const Shape ListBulkOperationsInput;
extern const Shape ListBulkOperationsMaxLimit;
extern const Shape ListContributorInsightsInput;
extern const Shape ListContributorInsightsLimit;
extern const Shape ListExportsInput;
extern const Shape ListExportsMaxLimit;
extern const Shape ListGlobalTablesInput;
extern const Shape ListImportsInput;
extern const Shape ListImportsMaxLimit;
extern const Shape ListTablesInput;
extern const Shape ListTablesInputLimit;
extern const Shape ListTagsOfResourceInput;
extern const Shape LocalSecondaryIndex;
extern const Shape LocalSecondaryIndexList;
extern const Shape LongObject;
extern const Shape MapAttributeValue;
extern const Shape MultiRegionConsistency;
extern const Shape NextTokenString;
extern const Shape NonKeyAttributeName;
extern const Shape NonKeyAttributeNameList;
extern const Shape NullAttributeValue;
extern const Shape NumberAttributeValue;
extern const Shape NumberSetAttributeValue;
extern const Shape OnDemandThroughput;
extern const Shape OnDemandThroughputOverride;
extern const Shape OutputS3Configuration;
extern const Shape OutputTypeEnum;
extern const Shape OutputTypeList;
extern const Shape ParameterizedStatement;
extern const Shape ParameterizedStatements;
extern const Shape PartiQLBatchRequest;
extern const Shape PartiQLNextToken;
extern const Shape PartiQLStatement;
extern const Shape PointInTimeRecoverySpecification;
extern const Shape PolicyRevisionId;
extern const Shape PositiveIntegerObject;
extern const Shape PositiveLongObject;
extern const Shape PreparedStatementParameters;
extern const Shape Projection;
extern const Shape ProjectionExpression;
extern const Shape ProjectionType;
extern const Shape ProvisionedThroughput;
extern const Shape ProvisionedThroughputOverride;
extern const Shape Put;
extern const Shape PutItemInput;
extern const Shape PutItemInputAttributeMap;
extern const Shape PutRequest;
extern const Shape PutResourcePolicyInput;
extern const Shape QueryConditionalOperator;
extern const Shape QueryInput;
extern const Shape ReadLimit;
extern const Shape RecoveryPeriodInDays;
extern const Shape RegionName;
extern const Shape Replica;
extern const Shape ReplicaAutoScalingUpdate;
extern const Shape ReplicaAutoScalingUpdateList;
extern const Shape ReplicaGlobalSecondaryIndex;
extern const Shape ReplicaGlobalSecondaryIndexAutoScalingUpdate;
extern const Shape ReplicaGlobalSecondaryIndexAutoScalingUpdateList;
extern const Shape ReplicaGlobalSecondaryIndexList;
extern const Shape ReplicaGlobalSecondaryIndexSettingsUpdate;
extern const Shape ReplicaGlobalSecondaryIndexSettingsUpdateList;
extern const Shape ReplicaList;
extern const Shape ReplicaSettingsUpdate;
extern const Shape ReplicaSettingsUpdateList;
extern const Shape ReplicaUpdate;
extern const Shape ReplicaUpdateList;
extern const Shape ReplicationGroupUpdate;
extern const Shape ReplicationGroupUpdateList;
extern const Shape ResourceArnString;
extern const Shape ResourcePolicy;
extern const Shape RestoreTableFromBackupInput;
extern const Shape RestoreTableToPointInTimeInput;
extern const Shape ReturnConsumedCapacity;
extern const Shape ReturnItemCollectionMetrics;
extern const Shape ReturnValuesOnConditionCheckFailure;
extern const Shape S3Bucket;
extern const Shape S3BucketOwner;
extern const Shape S3BucketSource;
extern const Shape S3Prefix;
extern const Shape S3SseAlgorithm;
extern const Shape S3SseKmsKeyId;
extern const Shape SSEEnabled;
extern const Shape SSESpecification;
extern const Shape SSEType;
extern const Shape ScalarAttributeType;
extern const Shape ScanInput;
extern const Shape ScanSegment;
extern const Shape ScanTotalSegments;
extern const Shape SearchSchema;
extern const Shape SearchSchemaElement;
extern const Shape SearchSchemaElementType;
extern const Shape SearchVectorList;
extern const Shape SearchVectorsInput;
extern const Shape Select;
extern const Shape StartBulkPutItemsInput;
extern const Shape StreamArn;
extern const Shape StreamEnabled;
extern const Shape StreamSpecification;
extern const Shape StreamViewType;
extern const Shape String;
extern const Shape StringAttributeValue;
extern const Shape StringSetAttributeValue;
extern const Shape TableArn;
extern const Shape TableClass;
extern const Shape TableCreationParameters;
extern const Shape TableKeySchema;
extern const Shape TableName;
extern const Shape TableNameOrArn;
extern const Shape Tag;
extern const Shape TagKeyList;
extern const Shape TagKeyString;
extern const Shape TagList;
extern const Shape TagResourceInput;
extern const Shape TagValueString;
extern const Shape TimeRangeLowerBound;
extern const Shape TimeRangeUpperBound;
extern const Shape TimeToLiveAttributeName;
extern const Shape TimeToLiveEnabled;
extern const Shape TimeToLiveSpecification;
extern const Shape TopKInteger;
extern const Shape TransactGetItem;
extern const Shape TransactGetItemList;
extern const Shape TransactGetItemsInput;
extern const Shape TransactWriteItem;
extern const Shape TransactWriteItemList;
extern const Shape TransactWriteItemsInput;
extern const Shape TransactionToken;
extern const Shape UntagResourceInput;
extern const Shape Update;
extern const Shape UpdateContinuousBackupsInput;
extern const Shape UpdateContributorInsightsInput;
extern const Shape UpdateExpression;
extern const Shape UpdateGlobalSecondaryIndexAction;
extern const Shape UpdateGlobalTableInput;
extern const Shape UpdateGlobalTableSettingsInput;
extern const Shape UpdateItemInput;
extern const Shape UpdateKinesisStreamingConfiguration;
extern const Shape UpdateKinesisStreamingDestinationInput;
extern const Shape UpdateReplicationGroupMemberAction;
extern const Shape UpdateTableInput;
extern const Shape UpdateTableReplicaAutoScalingInput;
extern const Shape UpdateTimeToLiveInput;
extern const Shape VectorAttributeDefinition;
extern const Shape VectorAttributeName;
extern const Shape VectorDistanceFunction;
extern const Shape VectorIndex;
extern const Shape VectorIndexList;
extern const Shape VectorIndexUpdate;
extern const Shape VectorIndexUpdateList;
extern const Shape WarmThroughput;
extern const Shape WriteConditionalOperator;
extern const Shape WriteRequest;
extern const Shape WriteRequests;
extern const Shape WriteReturnValue;

constexpr std::string_view ApproximateCreationDateTimePrecision_values[] = {"MILLISECOND", "MICROSECOND"};
constexpr std::string_view AttributeAction_values[] = {"ADD", "PUT", "DELETE"};
constexpr std::string_view BackupTypeFilter_values[] = {"USER", "SYSTEM", "AWS_BACKUP", "ALL"};
constexpr std::string_view BillingMode_values[] = {"PROVISIONED", "PAY_PER_REQUEST"};
constexpr std::string_view BulkOperationInputFormat_values[] = {"DYNAMODB_JSON", "ION"};
constexpr std::string_view BulkOperationPerformanceTier_values[] = {"STANDARD", "ACCELERATED"};
constexpr std::string_view ComparisonOperator_values[] = {"IN", "NULL", "BETWEEN", "LT", "NOT_CONTAINS", "EQ", "GT", "NOT_NULL", "NE", "LE", "BEGINS_WITH", "GE", "CONTAINS"};
constexpr std::string_view ConditionalOperator_values[] = {"OR", "AND"};
constexpr std::string_view ContributorInsightsAction_values[] = {"ENABLE", "DISABLE"};
constexpr std::string_view ContributorInsightsMode_values[] = {"ACCESSED_AND_THROTTLED_KEYS", "THROTTLED_KEYS"};
constexpr std::string_view DisassociationMode_values[] = {"WAIT_FOR_REPLICATION"};
constexpr std::string_view ExportFormat_values[] = {"DYNAMODB_JSON", "ION"};
constexpr std::string_view ExportType_values[] = {"FULL_EXPORT", "INCREMENTAL_EXPORT"};
constexpr std::string_view ExportViewType_values[] = {"NEW_IMAGE", "NEW_AND_OLD_IMAGES"};
constexpr std::string_view GlobalTableSettingsReplicationMode_values[] = {"ENABLED", "DISABLED", "ENABLED_WITH_OVERRIDES"};
constexpr std::string_view InputCompressionType_values[] = {"GZIP", "ZSTD", "NONE"};
constexpr std::string_view InputFormat_values[] = {"DYNAMODB_JSON", "ION", "CSV"};
constexpr std::string_view KeyType_values[] = {"HASH", "RANGE"};
constexpr std::string_view MultiRegionConsistency_values[] = {"EVENTUAL", "STRONG"};
constexpr std::string_view OutputTypeEnum_values[] = {"ERROR", "CONDITION_CHECK_FAILURE"};
constexpr std::string_view ProjectionType_values[] = {"ALL", "INCLUDE", "KEYS_ONLY"};
constexpr std::string_view QueryConditionalOperator_values[] = {"OR", "AND"};
constexpr std::string_view ReturnConsumedCapacity_values[] = {"INDEXES", "TOTAL", "NONE"};
constexpr std::string_view ReturnItemCollectionMetrics_values[] = {"SIZE", "NONE"};
constexpr std::string_view ReturnValuesOnConditionCheckFailure_values[] = {"ALL_OLD", "NONE"};
constexpr std::string_view S3SseAlgorithm_values[] = {"AES256", "KMS"};
constexpr std::string_view SSEType_values[] = {"AES256", "KMS"};
constexpr std::string_view ScalarAttributeType_values[] = {"B", "N", "S"};
constexpr std::string_view SearchSchemaElementType_values[] = {"HASH", "INLINE_FILTER"};
constexpr std::string_view Select_values[] = {"SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"};
constexpr std::string_view StreamViewType_values[] = {"NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY"};
constexpr std::string_view TableClass_values[] = {"STANDARD", "STANDARD_INFREQUENT_ACCESS"};
constexpr std::string_view VectorDistanceFunction_values[] = {"COSINE", "DOT_PRODUCT", "EUCLIDEAN"};
constexpr std::string_view WriteConditionalOperator_values[] = {"OR", "AND"};
constexpr std::string_view WriteReturnValue_values[] = {"ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"};

constexpr Member AttributeDefinition_members[] = {
    {"AttributeName", &KeySchemaAttributeName, true},
    {"AttributeType", &ScalarAttributeType, true},
};
constexpr Member AttributeValue_members[] = {
    {"S", &StringAttributeValue},
    {"N", &NumberAttributeValue},
    {"B", &BinaryAttributeValue},
    {"SS", &StringSetAttributeValue},
    {"NS", &NumberSetAttributeValue},
    {"BS", &BinarySetAttributeValue},
    {"M", &MapAttributeValue},
    {"L", &ListAttributeValue},
    {"NULL", &NullAttributeValue},
    {"BOOL", &BooleanAttributeValue},
};
constexpr Member AttributeValueUpdate_members[] = {
    {"Action", &AttributeAction},
    {"Value", &AttributeValue},
};
constexpr Member AutoScalingPolicyUpdate_members[] = {
    {"PolicyName", &AutoScalingPolicyName},
    {"TargetTrackingScalingPolicyConfiguration", &AutoScalingTargetTrackingScalingPolicyConfigurationUpdate, true},
};
constexpr Member AutoScalingSettingsUpdate_members[] = {
    {"AutoScalingDisabled", &BooleanObject},
    {"AutoScalingRoleArn", &AutoScalingRoleArn},
    {"MaximumUnits", &PositiveLongObject},
    {"MinimumUnits", &PositiveLongObject},
    {"ScalingPolicyUpdate", &AutoScalingPolicyUpdate},
};
constexpr Member AutoScalingTargetTrackingScalingPolicyConfigurationUpdate_members[] = {
    {"DisableScaleIn", &BooleanObject},
    {"ScaleInCooldown", &IntegerObject},
    {"ScaleOutCooldown", &IntegerObject},
    {"TargetValue", &DoubleObject, true},
};
constexpr Member BatchExecuteStatementInput_members[] = {
    {"ReturnConsumedCapacity", &ReturnConsumedCapacity},
    {"Statements", &PartiQLBatchRequest, true},
};
constexpr Member BatchGetItemInput_members[] = {
    {"ReturnConsumedCapacity", &ReturnConsumedCapacity},
    {"RequestItems", &BatchGetRequestMap, true},
};
constexpr Member BatchStatementRequest_members[] = {
    {"ConsistentRead", &ConsistentRead},
    {"Parameters", &PreparedStatementParameters},
    {"ReturnValuesOnConditionCheckFailure", &ReturnValuesOnConditionCheckFailure},
    {"Statement", &PartiQLStatement, true},
};
constexpr Member BatchWriteItemInput_members[] = {
    {"ReturnConsumedCapacity", &ReturnConsumedCapacity},
    {"ReturnItemCollectionMetrics", &ReturnItemCollectionMetrics},
    {"RequestItems", &BatchWriteItemRequestMap, true},
};
constexpr Member CancelBulkOperationInput_members[] = {
    {"BulkOperationArn", &BulkOperationArn, true},
};
constexpr Member Condition_members[] = {
    {"AttributeValueList", &AttributeValueList},
    {"ComparisonOperator", &ComparisonOperator, true},
};
constexpr Member ConditionCheck_members[] = {
    {"ConditionExpression", &ConditionExpression, true},
    {"ExpressionAttributeNames", &ExpressionAttributeNameMap},
    {"ExpressionAttributeValues", &ExpressionAttributeValueMap},
    {"Key", &Key, true},
    {"ReturnValuesOnConditionCheckFailure", &ReturnValuesOnConditionCheckFailure},
    {"TableName", &TableNameOrArn, true},
};
constexpr Member CreateBackupInput_members[] = {
    {"BackupName", &BackupName, true},
    {"TableName", &TableNameOrArn, true},
};
constexpr Member CreateGlobalSecondaryIndexAction_members[] = {
    {"IndexName", &IndexName, true},
    {"KeySchema", &KeySchema, true},
    {"Projection", &Projection, true},
    {"ProvisionedThroughput", &ProvisionedThroughput},
    {"OnDemandThroughput", &OnDemandThroughput},
    {"WarmThroughput", &WarmThroughput},
};
constexpr Member CreateGlobalTableInput_members[] = {
    {"GlobalTableName", &TableName, true},
    {"ReplicationGroup", &ReplicaList, true},
};
constexpr Member CreateGlobalTableWitnessGroupMemberAction_members[] = {
    {"RegionName", &RegionName, true},
};
constexpr Member CreateReplicaAction_members[] = {
    {"RegionName", &RegionName, true},
};
constexpr Member CreateReplicationGroupMemberAction_members[] = {
    {"GlobalSecondaryIndexes", &ReplicaGlobalSecondaryIndexList},
    {"KMSMasterKeyId", &KMSMasterKeyId},
    {"OnDemandThroughputOverride", &OnDemandThroughputOverride},
    {"ProvisionedThroughputOverride", &ProvisionedThroughputOverride},
    {"RegionName", &RegionName, true},
    {"TableClassOverride", &TableClass},
};
constexpr Member CreateTableInput_members[] = {
    {"AttributeDefinitions", &AttributeDefinitions, true},
    {"TableName", &TableName, true, false, "The parameter 'TableName' is required but was not present in the request"},
    {"BillingMode", &BillingMode},
    {"ProvisionedThroughput", &ProvisionedThroughput},
    {"KeySchema", &TableKeySchema, true},
    {"LocalSecondaryIndexes", &LocalSecondaryIndexList},
    {"GlobalSecondaryIndexes", &GlobalSecondaryIndexList},
    {"DeletionProtectionEnabled", &DeletionProtectionEnabled},
    {"GlobalTableSettingsReplicationMode", &GlobalTableSettingsReplicationMode},
    {"GlobalTableSourceArn", &TableArn},
    {"OnDemandThroughput", &OnDemandThroughput},
    {"ResourcePolicy", &ResourcePolicy},
    {"SSESpecification", &SSESpecification},
    {"StreamSpecification", &StreamSpecification},
    {"TableClass", &TableClass},
    {"Tags", &TagList},
    {"VectorIndexes", &VectorIndexList},
    {"WarmThroughput", &WarmThroughput},
};
constexpr Member CreateVectorIndexAction_members[] = {
    {"Dimensions", &PositiveLongObject, true},
    {"DistanceFunction", &VectorDistanceFunction, true},
    {"IndexName", &IndexName, true},
    {"Projection", &Projection, true},
    {"SearchSchema", &SearchSchema},
    {"VectorAttribute", &VectorAttributeDefinition, true},
};
constexpr Member CsvOptions_members[] = {
    {"Delimiter", &CsvDelimiter},
    {"HeaderList", &CsvHeaderList},
};
constexpr Member Delete_members[] = {
    {"ConditionExpression", &ConditionExpression},
    {"ExpressionAttributeNames", &ExpressionAttributeNameMap},
    {"ExpressionAttributeValues", &ExpressionAttributeValueMap},
    {"Key", &Key, true},
    {"ReturnValuesOnConditionCheckFailure", &ReturnValuesOnConditionCheckFailure},
    {"TableName", &TableNameOrArn, true},
};
constexpr Member DeleteBackupInput_members[] = {
    {"BackupArn", &BackupArn, true},
};
constexpr Member DeleteGlobalSecondaryIndexAction_members[] = {
    {"IndexName", &IndexName, true},
};
constexpr Member DeleteGlobalTableWitnessGroupMemberAction_members[] = {
    {"RegionName", &RegionName, true},
};
constexpr Member DeleteItemInput_members[] = {
    {"ReturnConsumedCapacity", &ReturnConsumedCapacity},
    {"TableName", &DataTableNameOrArn, true},
    {"ReturnValues", &WriteReturnValue},
    {"ReturnItemCollectionMetrics", &ReturnItemCollectionMetrics},
    {"Key", &Key, true},
    {"ConditionalOperator", &WriteConditionalOperator},
    {"Expected", &ExpectedAttributeMap},
    {"ConditionExpression", &ConditionExpression},
    {"ExpressionAttributeNames", &ExpressionAttributeNameMap},
    {"ExpressionAttributeValues", &ExpressionAttributeValueMap},
    {"ReturnValuesOnConditionCheckFailure", &ReturnValuesOnConditionCheckFailure},
};
constexpr Member DeleteReplicaAction_members[] = {
    {"RegionName", &RegionName, true},
};
constexpr Member DeleteReplicationGroupMemberAction_members[] = {
    {"RegionName", &RegionName, true},
};
constexpr Member DeleteRequest_members[] = {
    {"Key", &Key, true},
};
constexpr Member DeleteResourcePolicyInput_members[] = {
    {"ExpectedRevisionId", &PolicyRevisionId},
    {"ResourceArn", &ResourceArnString, true},
};
constexpr Member DeleteTableInput_members[] = {
    {"TableName", &TableNameOrArn, true, false, "The parameter 'TableName' is required but was not present in the request"},
};
constexpr Member DeleteVectorIndexAction_members[] = {
    {"IndexName", &IndexName, true},
};
constexpr Member DescribeBackupInput_members[] = {
    {"BackupArn", &BackupArn, true},
};
constexpr Member DescribeBulkOperationInput_members[] = {
    {"BulkOperationArn", &BulkOperationArn, true},
};
constexpr Member DescribeContinuousBackupsInput_members[] = {
    {"TableName", &TableNameOrArn, true},
};
constexpr Member DescribeContributorInsightsInput_members[] = {
    {"IndexName", &IndexName},
    {"TableName", &TableNameOrArn, true},
};
constexpr Member DescribeExportInput_members[] = {
    {"ExportArn", &ExportArn, true},
};
constexpr Member DescribeGlobalTableInput_members[] = {
    {"GlobalTableName", &TableName, true},
};
constexpr Member DescribeGlobalTableSettingsInput_members[] = {
    {"GlobalTableName", &TableName, true},
};
constexpr Member DescribeImportInput_members[] = {
    {"ImportArn", &ImportArn, true},
};
constexpr Member DescribeKinesisStreamingDestinationInput_members[] = {
    {"TableName", &TableNameOrArn, true},
};
constexpr Member DescribeTableInput_members[] = {
    {"TableName", &TableNameOrArn, true, false, "The parameter 'TableName' is required but was not present in the request"},
};
constexpr Member DescribeTableReplicaAutoScalingInput_members[] = {
    {"TableName", &TableNameOrArn, true},
};
constexpr Member DescribeTimeToLiveInput_members[] = {
    {"TableName", &TableNameOrArn, true, false, "The parameter 'TableName' is required but was not present in the request"},
};
constexpr Member DisassociateReplicationGroupMemberAction_members[] = {
    {"DisassociationMode", &DisassociationMode, true},
    {"RegionName", &RegionName, true},
};
constexpr Member EnableKinesisStreamingConfiguration_members[] = {
    {"ApproximateCreationDateTimePrecision", &ApproximateCreationDateTimePrecision},
};
constexpr Member ExecuteStatementInput_members[] = {
    {"ConsistentRead", &ConsistentRead},
    {"Limit", &PositiveIntegerObject},
    {"NextToken", &PartiQLNextToken},
    {"Parameters", &PreparedStatementParameters},
    {"ReturnConsumedCapacity", &ReturnConsumedCapacity},
    {"ReturnValuesOnConditionCheckFailure", &ReturnValuesOnConditionCheckFailure},
    {"Statement", &PartiQLStatement, true},
};
constexpr Member ExecuteTransactionInput_members[] = {
    {"ClientRequestToken", &ClientRequestToken},
    {"ReturnConsumedCapacity", &ReturnConsumedCapacity},
    {"TransactStatements", &ParameterizedStatements, true},
};
constexpr Member ExpectedAttributeValue_members[] = {
    {"AttributeValueList", &AttributeValueList},
    {"ComparisonOperator", &ComparisonOperator},
    {"Exists", &BooleanObject},
    {"Value", &AttributeValue},
};
constexpr Member ExportTableToPointInTimeInput_members[] = {
    {"ClientToken", &ClientToken},
    {"ExportFormat", &ExportFormat},
    {"ExportTime", &ExportTime},
    {"ExportType", &ExportType},
    {"FilterSpecification", &FilterSpecification},
    {"IncrementalExportSpecification", &IncrementalExportSpecification},
    {"S3Bucket", &S3Bucket, true},
    {"S3BucketOwner", &S3BucketOwner},
    {"S3Prefix", &S3Prefix},
    {"S3SseAlgorithm", &S3SseAlgorithm},
    {"S3SseKmsKeyId", &S3SseKmsKeyId},
    {"TableArn", &TableArn, true},
};
constexpr Member FilterSpecification_members[] = {
    {"ExpressionAttributeNames", &ExpressionAttributeNameMap},
    {"ExpressionAttributeValues", &ExpressionAttributeValueMap},
    {"FilterExpression", &ConditionExpression},
    {"KeyConditionExpression", &KeyExpression},
    {"ProjectionExpression", &ProjectionExpression},
};
constexpr Member Get_members[] = {
    {"ExpressionAttributeNames", &ExpressionAttributeNameMap},
    {"Key", &Key, true},
    {"ProjectionExpression", &ProjectionExpression},
    {"TableName", &TableNameOrArn, true},
};
constexpr Member GetItemInput_members[] = {
    {"ReturnConsumedCapacity", &ReturnConsumedCapacity},
    {"AttributesToGet", &AttributeNameList},
    {"TableName", &DataTableNameOrArn, true},
    {"Key", &Key, true},
    {"ConsistentRead", &ConsistentRead},
    {"ExpressionAttributeNames", &ExpressionAttributeNameMap},
    {"ProjectionExpression", &ProjectionExpression},
};
constexpr Member GetResourcePolicyInput_members[] = {
    {"ResourceArn", &ResourceArnString, true},
};
constexpr Member GlobalSecondaryIndex_members[] = {
    {"IndexName", &IndexName, true},
    {"KeySchema", &KeySchema, true},
    {"Projection", &Projection, true},
    {"ProvisionedThroughput", &ProvisionedThroughput},
    {"OnDemandThroughput", &OnDemandThroughput},
    {"WarmThroughput", &WarmThroughput},
};
constexpr Member GlobalSecondaryIndexAutoScalingUpdate_members[] = {
    {"IndexName", &IndexName},
    {"ProvisionedWriteCapacityAutoScalingUpdate", &AutoScalingSettingsUpdate},
};
constexpr Member GlobalSecondaryIndexUpdate_members[] = {
    {"Update", &UpdateGlobalSecondaryIndexAction},
    {"Create", &CreateGlobalSecondaryIndexAction},
    {"Delete", &DeleteGlobalSecondaryIndexAction},
};
constexpr Member GlobalTableGlobalSecondaryIndexSettingsUpdate_members[] = {
    {"IndexName", &IndexName, true},
    {"ProvisionedWriteCapacityAutoScalingSettingsUpdate", &AutoScalingSettingsUpdate},
    {"ProvisionedWriteCapacityUnits", &PositiveLongObject},
};
constexpr Member GlobalTableWitnessGroupUpdate_members[] = {
    {"Create", &CreateGlobalTableWitnessGroupMemberAction},
    {"Delete", &DeleteGlobalTableWitnessGroupMemberAction},
};
constexpr Member ImportTableInput_members[] = {
    {"ClientToken", &ClientToken},
    {"InputCompressionType", &InputCompressionType},
    {"InputFormat", &InputFormat, true},
    {"InputFormatOptions", &InputFormatOptions},
    {"S3BucketSource", &S3BucketSource, true},
    {"TableCreationParameters", &TableCreationParameters, true},
};
constexpr Member IncrementalExportSpecification_members[] = {
    {"ExportFromTime", &ExportFromTime},
    {"ExportToTime", &ExportToTime},
    {"ExportViewType", &ExportViewType},
};
constexpr Member InputFormatOptions_members[] = {
    {"Csv", &CsvOptions},
};
constexpr Member InputS3Configuration_members[] = {
    {"InputCompressionType", &InputCompressionType},
    {"InputFormat", &BulkOperationInputFormat, true},
    {"S3Bucket", &S3Bucket, true},
    {"S3BucketOwner", &S3BucketOwner},
    {"S3KeyPrefix", &S3Prefix},
};
constexpr Member KeySchemaElement_members[] = {
    {"AttributeName", &KeySchemaAttributeName, true},
    {"KeyType", &KeyType, true},
};
constexpr Member KeysAndAttributes_members[] = {
    {"Keys", &KeyList, true},
    {"AttributesToGet", &AttributeNameList},
    {"ConsistentRead", &ConsistentRead},
    {"ExpressionAttributeNames", &ExpressionAttributeNameMap},
    {"ProjectionExpression", &ProjectionExpression},
};
constexpr Member KinesisStreamingDestinationInput_members[] = {
    {"EnableKinesisStreamingConfiguration", &EnableKinesisStreamingConfiguration},
    {"StreamArn", &StreamArn, true},
    {"TableName", &TableNameOrArn, true},
};
constexpr Member ListBackupsInput_members[] = {
    {"BackupType", &BackupTypeFilter},
    {"ExclusiveStartBackupArn", &BackupArn},
    {"Limit", &BackupsInputLimit},
    {"TableName", &TableNameOrArn},
    {"TimeRangeLowerBound", &TimeRangeLowerBound},
    {"TimeRangeUpperBound", &TimeRangeUpperBound},
};
constexpr Member ListBulkOperationsInput_members[] = {
    {"MaxResults", &ListBulkOperationsMaxLimit},
    {"NextToken", &BulkOperationNextToken},
};
constexpr Member ListContributorInsightsInput_members[] = {
    {"MaxResults", &ListContributorInsightsLimit},
    {"NextToken", &NextTokenString},
    {"TableName", &TableNameOrArn},
};
constexpr Member ListExportsInput_members[] = {
    {"MaxResults", &ListExportsMaxLimit},
    {"NextToken", &ExportNextToken},
    {"TableArn", &TableArn},
};
constexpr Member ListGlobalTablesInput_members[] = {
    {"ExclusiveStartGlobalTableName", &TableName},
    {"Limit", &PositiveIntegerObject},
    {"RegionName", &RegionName},
};
constexpr Member ListImportsInput_members[] = {
    {"NextToken", &ImportNextToken},
    {"PageSize", &ListImportsMaxLimit},
    {"TableArn", &TableArn},
};
constexpr Member ListTablesInput_members[] = {
    {"Limit", &ListTablesInputLimit},
    {"ExclusiveStartTableName", &TableName},
};
constexpr Member ListTagsOfResourceInput_members[] = {
    {"NextToken", &NextTokenString},
    {"ResourceArn", &ResourceArnString, true, false, "Invalid TableArn"},
};
constexpr Member LocalSecondaryIndex_members[] = {
    {"IndexName", &IndexName, true},
    {"KeySchema", &TableKeySchema, true},
    {"Projection", &Projection, true},
};
constexpr Member OnDemandThroughput_members[] = {
    {"MaxReadRequestUnits", &LongObject},
    {"MaxWriteRequestUnits", &LongObject},
};
constexpr Member OnDemandThroughputOverride_members[] = {
    {"MaxReadRequestUnits", &LongObject},
};
constexpr Member OutputS3Configuration_members[] = {
    {"OutputType", &OutputTypeList, true},
    {"S3Bucket", &S3Bucket},
    {"S3BucketOwner", &S3BucketOwner},
    {"S3KeyPrefix", &S3Prefix},
    {"S3SseAlgorithm", &S3SseAlgorithm},
    {"S3SseKmsKeyId", &S3SseKmsKeyId},
};
constexpr Member ParameterizedStatement_members[] = {
    {"Parameters", &PreparedStatementParameters},
    {"ReturnValuesOnConditionCheckFailure", &ReturnValuesOnConditionCheckFailure},
    {"Statement", &PartiQLStatement, true},
};
constexpr Member PointInTimeRecoverySpecification_members[] = {
    {"PointInTimeRecoveryEnabled", &BooleanObject, true},
    {"RecoveryPeriodInDays", &RecoveryPeriodInDays},
};
constexpr Member Projection_members[] = {
    {"ProjectionType", &ProjectionType},
    {"NonKeyAttributes", &NonKeyAttributeNameList},
};
constexpr Member ProvisionedThroughput_members[] = {
    {"WriteCapacityUnits", &PositiveLongObject, true},
    {"ReadCapacityUnits", &PositiveLongObject, true},
};
constexpr Member ProvisionedThroughputOverride_members[] = {
    {"ReadCapacityUnits", &PositiveLongObject},
};
constexpr Member Put_members[] = {
    {"ConditionExpression", &ConditionExpression},
    {"ExpressionAttributeNames", &ExpressionAttributeNameMap},
    {"ExpressionAttributeValues", &ExpressionAttributeValueMap},
    {"Item", &PutItemInputAttributeMap, true},
    {"ReturnValuesOnConditionCheckFailure", &ReturnValuesOnConditionCheckFailure},
    {"TableName", &TableNameOrArn, true},
};
constexpr Member PutItemInput_members[] = {
    {"ReturnConsumedCapacity", &ReturnConsumedCapacity},
    {"TableName", &DataTableNameOrArn, true},
    {"Item", &PutItemInputAttributeMap, true},
    {"ConditionalOperator", &WriteConditionalOperator},
    {"Expected", &ExpectedAttributeMap},
    {"ReturnValues", &WriteReturnValue},
    {"ReturnItemCollectionMetrics", &ReturnItemCollectionMetrics},
    {"ConditionExpression", &ConditionExpression},
    {"ExpressionAttributeNames", &ExpressionAttributeNameMap},
    {"ExpressionAttributeValues", &ExpressionAttributeValueMap},
    {"ReturnValuesOnConditionCheckFailure", &ReturnValuesOnConditionCheckFailure},
};
constexpr Member PutRequest_members[] = {
    {"Item", &PutItemInputAttributeMap, true},
};
constexpr Member PutResourcePolicyInput_members[] = {
    {"ConfirmRemoveSelfResourceAccess", &ConfirmRemoveSelfResourceAccess},
    {"ExpectedRevisionId", &PolicyRevisionId},
    {"Policy", &ResourcePolicy, true},
    {"ResourceArn", &ResourceArnString, true},
};
constexpr Member QueryInput_members[] = {
    {"Select", &Select},
    {"IndexName", &IndexName},
    {"ReturnConsumedCapacity", &ReturnConsumedCapacity},
    {"QueryFilter", &FilterConditionMap},
    {"TableName", &DataTableNameOrArn, true},
    {"ConditionalOperator", &QueryConditionalOperator},
    {"AttributesToGet", &AttributeNameList},
    {"Limit", &ReadLimit},
    {"KeyConditions", &KeyConditions},
    {"ConsistentRead", &ConsistentRead},
    {"ExclusiveStartKey", &Key},
    {"ExpressionAttributeNames", &ExpressionAttributeNameMap},
    {"ExpressionAttributeValues", &ExpressionAttributeValueMap},
    {"FilterExpression", &ConditionExpression},
    {"KeyConditionExpression", &KeyExpression},
    {"ProjectionExpression", &ProjectionExpression},
    {"ScanIndexForward", &BooleanObject},
};
constexpr Member Replica_members[] = {
    {"RegionName", &RegionName},
};
constexpr Member ReplicaAutoScalingUpdate_members[] = {
    {"RegionName", &RegionName, true},
    {"ReplicaGlobalSecondaryIndexUpdates", &ReplicaGlobalSecondaryIndexAutoScalingUpdateList},
    {"ReplicaProvisionedReadCapacityAutoScalingUpdate", &AutoScalingSettingsUpdate},
};
constexpr Member ReplicaGlobalSecondaryIndex_members[] = {
    {"IndexName", &IndexName, true},
    {"OnDemandThroughputOverride", &OnDemandThroughputOverride},
    {"ProvisionedThroughputOverride", &ProvisionedThroughputOverride},
};
constexpr Member ReplicaGlobalSecondaryIndexAutoScalingUpdate_members[] = {
    {"IndexName", &IndexName},
    {"ProvisionedReadCapacityAutoScalingUpdate", &AutoScalingSettingsUpdate},
};
constexpr Member ReplicaGlobalSecondaryIndexSettingsUpdate_members[] = {
    {"IndexName", &IndexName, true},
    {"ProvisionedReadCapacityAutoScalingSettingsUpdate", &AutoScalingSettingsUpdate},
    {"ProvisionedReadCapacityUnits", &PositiveLongObject},
};
constexpr Member ReplicaSettingsUpdate_members[] = {
    {"RegionName", &RegionName, true},
    {"ReplicaGlobalSecondaryIndexSettingsUpdate", &ReplicaGlobalSecondaryIndexSettingsUpdateList},
    {"ReplicaProvisionedReadCapacityAutoScalingSettingsUpdate", &AutoScalingSettingsUpdate},
    {"ReplicaProvisionedReadCapacityUnits", &PositiveLongObject},
    {"ReplicaTableClass", &TableClass},
};
constexpr Member ReplicaUpdate_members[] = {
    {"Create", &CreateReplicaAction},
    {"Delete", &DeleteReplicaAction},
};
constexpr Member ReplicationGroupUpdate_members[] = {
    {"Create", &CreateReplicationGroupMemberAction},
    {"Delete", &DeleteReplicationGroupMemberAction},
    {"Disassociate", &DisassociateReplicationGroupMemberAction},
    {"Update", &UpdateReplicationGroupMemberAction},
};
constexpr Member RestoreTableFromBackupInput_members[] = {
    {"BackupArn", &BackupArn, true},
    {"BillingModeOverride", &BillingMode},
    {"GlobalSecondaryIndexOverride", &GlobalSecondaryIndexList},
    {"LocalSecondaryIndexOverride", &LocalSecondaryIndexList},
    {"OnDemandThroughputOverride", &OnDemandThroughput},
    {"ProvisionedThroughputOverride", &ProvisionedThroughput},
    {"SSESpecificationOverride", &SSESpecification},
    {"TargetTableName", &TableName, true},
    {"VectorIndexOverride", &VectorIndexList},
};
constexpr Member RestoreTableToPointInTimeInput_members[] = {
    {"BillingModeOverride", &BillingMode},
    {"GlobalSecondaryIndexOverride", &GlobalSecondaryIndexList},
    {"LocalSecondaryIndexOverride", &LocalSecondaryIndexList},
    {"OnDemandThroughputOverride", &OnDemandThroughput},
    {"ProvisionedThroughputOverride", &ProvisionedThroughput},
    {"RestoreDateTime", &Date},
    {"SSESpecificationOverride", &SSESpecification},
    {"SourceTableArn", &TableArn},
    {"SourceTableName", &TableName},
    {"TargetTableName", &TableName, true},
    {"UseLatestRestorableTime", &BooleanObject},
    {"VectorIndexOverride", &VectorIndexList},
};
constexpr Member S3BucketSource_members[] = {
    {"S3Bucket", &S3Bucket, true},
    {"S3BucketOwner", &S3BucketOwner},
    {"S3KeyPrefix", &S3Prefix},
};
constexpr Member SSESpecification_members[] = {
    {"Enabled", &SSEEnabled},
    {"KMSMasterKeyId", &KMSMasterKeyId},
    {"SSEType", &SSEType},
};
constexpr Member ScanInput_members[] = {
    {"Select", &Select},
    {"IndexName", &IndexName},
    {"TotalSegments", &ScanTotalSegments},
    {"ReturnConsumedCapacity", &ReturnConsumedCapacity},
    {"TableName", &DataTableNameOrArn, true},
    {"ConditionalOperator", &ConditionalOperator},
    {"ScanFilter", &FilterConditionMap},
    {"Segment", &ScanSegment},
    {"Limit", &ReadLimit},
    {"AttributesToGet", &AttributeNameList},
    {"ConsistentRead", &ConsistentRead},
    {"ExclusiveStartKey", &Key},
    {"ExpressionAttributeNames", &ExpressionAttributeNameMap},
    {"ExpressionAttributeValues", &ExpressionAttributeValueMap},
    {"FilterExpression", &ConditionExpression},
    {"ProjectionExpression", &ProjectionExpression},
};
constexpr Member SearchSchemaElement_members[] = {
    {"AttributeName", &AttributeName, true},
    {"SearchSchemaElementType", &SearchSchemaElementType, true},
};
constexpr Member SearchVectorsInput_members[] = {
    {"ExpressionAttributeNames", &ExpressionAttributeNameMap},
    {"ExpressionAttributeValues", &ExpressionAttributeValueMap},
    {"IndexName", &IndexName, true},
    {"ProjectionExpression", &ProjectionExpression},
    {"ReturnConsumedCapacity", &ReturnConsumedCapacity},
    {"SearchConditionExpression", &String},
    {"SearchVector", &SearchVectorList, true},
    {"TableName", &TableNameOrArn, true},
    {"TopK", &TopKInteger, true},
};
constexpr Member StartBulkPutItemsInput_members[] = {
    {"ClientToken", &ClientToken},
    {"InputS3Configuration", &InputS3Configuration, true},
    {"MaxWriteRequestUnits", &BulkOperationMaxWriteRequestUnits},
    {"OutputS3Configuration", &OutputS3Configuration, true},
    {"PerformanceTier", &BulkOperationPerformanceTier},
    {"TableName", &TableNameOrArn, true},
};
constexpr Member StreamSpecification_members[] = {
    {"StreamEnabled", &StreamEnabled, true},
    {"StreamViewType", &StreamViewType},
};
constexpr Member TableCreationParameters_members[] = {
    {"AttributeDefinitions", &AttributeDefinitions, true},
    {"BillingMode", &BillingMode},
    {"GlobalSecondaryIndexes", &GlobalSecondaryIndexList},
    {"KeySchema", &KeySchema, true},
    {"OnDemandThroughput", &OnDemandThroughput},
    {"ProvisionedThroughput", &ProvisionedThroughput},
    {"SSESpecification", &SSESpecification},
    {"TableName", &TableName, true},
    {"VectorIndexes", &VectorIndexList},
};
constexpr Member Tag_members[] = {
    {"Key", &TagKeyString, true},
    {"Value", &TagValueString, true},
};
constexpr Member TagResourceInput_members[] = {
    {"ResourceArn", &ResourceArnString, true, false, "Invalid TableArn"},
    {"Tags", &TagList, true},
};
constexpr Member TimeToLiveSpecification_members[] = {
    {"AttributeName", &TimeToLiveAttributeName, true},
    {"Enabled", &TimeToLiveEnabled, true},
};
constexpr Member TransactGetItem_members[] = {
    {"Get", &Get, true},
};
constexpr Member TransactGetItemsInput_members[] = {
    {"ReturnConsumedCapacity", &ReturnConsumedCapacity},
    {"TransactItems", &TransactGetItemList, true},
};
constexpr Member TransactWriteItem_members[] = {
    {"ConditionCheck", &ConditionCheck},
    {"Delete", &Delete},
    {"Put", &Put},
    {"Update", &Update},
};
constexpr Member TransactWriteItemsInput_members[] = {
    {"ClientRequestToken", &TransactionToken},
    {"ReturnConsumedCapacity", &ReturnConsumedCapacity},
    {"ReturnItemCollectionMetrics", &ReturnItemCollectionMetrics},
    {"TransactItems", &TransactWriteItemList, true},
};
constexpr Member UntagResourceInput_members[] = {
    {"ResourceArn", &ResourceArnString, true, false, "Invalid TableArn"},
    {"TagKeys", &TagKeyList, true},
};
constexpr Member Update_members[] = {
    {"ConditionExpression", &ConditionExpression},
    {"ExpressionAttributeNames", &ExpressionAttributeNameMap},
    {"ExpressionAttributeValues", &ExpressionAttributeValueMap},
    {"Key", &Key, true},
    {"ReturnValuesOnConditionCheckFailure", &ReturnValuesOnConditionCheckFailure},
    {"TableName", &TableNameOrArn, true},
    {"UpdateExpression", &UpdateExpression, true},
};
constexpr Member UpdateContinuousBackupsInput_members[] = {
    {"PointInTimeRecoverySpecification", &PointInTimeRecoverySpecification, true},
    {"TableName", &TableNameOrArn, true},
};
constexpr Member UpdateContributorInsightsInput_members[] = {
    {"ContributorInsightsAction", &ContributorInsightsAction, true},
    {"ContributorInsightsMode", &ContributorInsightsMode},
    {"IndexName", &IndexName},
    {"TableName", &TableNameOrArn, true},
};
constexpr Member UpdateGlobalSecondaryIndexAction_members[] = {
    {"IndexName", &IndexName, true},
    {"OnDemandThroughput", &OnDemandThroughput},
    {"ProvisionedThroughput", &ProvisionedThroughput},
    {"WarmThroughput", &WarmThroughput},
};
constexpr Member UpdateGlobalTableInput_members[] = {
    {"GlobalTableName", &TableName, true},
    {"ReplicaUpdates", &ReplicaUpdateList, true},
};
constexpr Member UpdateGlobalTableSettingsInput_members[] = {
    {"GlobalTableBillingMode", &BillingMode},
    {"GlobalTableGlobalSecondaryIndexSettingsUpdate", &GlobalTableGlobalSecondaryIndexSettingsUpdateList},
    {"GlobalTableName", &TableName, true},
    {"GlobalTableProvisionedWriteCapacityAutoScalingSettingsUpdate", &AutoScalingSettingsUpdate},
    {"GlobalTableProvisionedWriteCapacityUnits", &PositiveLongObject},
    {"ReplicaSettingsUpdate", &ReplicaSettingsUpdateList},
};
constexpr Member UpdateItemInput_members[] = {
    {"ReturnConsumedCapacity", &ReturnConsumedCapacity},
    {"TableName", &DataTableNameOrArn, true},
    {"ReturnItemCollectionMetrics", &ReturnItemCollectionMetrics},
    {"ReturnValues", &WriteReturnValue, false, true},
    {"Key", &Key, true},
    {"ConditionalOperator", &WriteConditionalOperator},
    {"Expected", &ExpectedAttributeMap},
    {"AttributeUpdates", &AttributeUpdates},
    {"ConditionExpression", &ConditionExpression},
    {"ExpressionAttributeNames", &ExpressionAttributeNameMap},
    {"ExpressionAttributeValues", &ExpressionAttributeValueMap},
    {"ReturnValuesOnConditionCheckFailure", &ReturnValuesOnConditionCheckFailure},
    {"UpdateExpression", &UpdateExpression},
};
constexpr Member UpdateKinesisStreamingConfiguration_members[] = {
    {"ApproximateCreationDateTimePrecision", &ApproximateCreationDateTimePrecision},
};
constexpr Member UpdateKinesisStreamingDestinationInput_members[] = {
    {"StreamArn", &StreamArn, true},
    {"TableName", &TableNameOrArn, true},
    {"UpdateKinesisStreamingConfiguration", &UpdateKinesisStreamingConfiguration},
};
constexpr Member UpdateReplicationGroupMemberAction_members[] = {
    {"GlobalSecondaryIndexes", &ReplicaGlobalSecondaryIndexList},
    {"KMSMasterKeyId", &KMSMasterKeyId},
    {"OnDemandThroughputOverride", &OnDemandThroughputOverride},
    {"ProvisionedThroughputOverride", &ProvisionedThroughputOverride},
    {"RegionName", &RegionName, true},
    {"TableClassOverride", &TableClass},
};
constexpr Member UpdateTableInput_members[] = {
    {"TableName", &TableNameOrArn, true, false, "The parameter 'TableName' is required but was not present in the request"},
    {"ProvisionedThroughput", &ProvisionedThroughput},
    {"BillingMode", &BillingMode},
    {"GlobalSecondaryIndexUpdates", &GlobalSecondaryIndexUpdateList},
    {"AttributeDefinitions", &AttributeDefinitions},
    {"DeletionProtectionEnabled", &DeletionProtectionEnabled},
    {"DisassociationProtectionEnabled", &DisassociationProtectionEnabled},
    {"GlobalTableSettingsReplicationMode", &GlobalTableSettingsReplicationMode},
    {"GlobalTableWitnessUpdates", &GlobalTableWitnessGroupUpdateList},
    {"MultiRegionConsistency", &MultiRegionConsistency},
    {"OnDemandThroughput", &OnDemandThroughput},
    {"ReplicaUpdates", &ReplicationGroupUpdateList},
    {"SSESpecification", &SSESpecification},
    {"StreamSpecification", &StreamSpecification},
    {"TableClass", &TableClass},
    {"VectorIndexUpdates", &VectorIndexUpdateList},
    {"WarmThroughput", &WarmThroughput},
};
constexpr Member UpdateTableReplicaAutoScalingInput_members[] = {
    {"GlobalSecondaryIndexUpdates", &GlobalSecondaryIndexAutoScalingUpdateList},
    {"ProvisionedWriteCapacityAutoScalingUpdate", &AutoScalingSettingsUpdate},
    {"ReplicaUpdates", &ReplicaAutoScalingUpdateList},
    {"TableName", &TableNameOrArn, true},
};
constexpr Member UpdateTimeToLiveInput_members[] = {
    {"TableName", &TableNameOrArn, true},
    {"TimeToLiveSpecification", &TimeToLiveSpecification, true},
};
constexpr Member VectorAttributeDefinition_members[] = {
    {"AttributeName", &VectorAttributeName, true},
};
constexpr Member VectorIndex_members[] = {
    {"Dimensions", &PositiveLongObject, true},
    {"DistanceFunction", &VectorDistanceFunction, true},
    {"IndexName", &IndexName, true},
    {"Projection", &Projection, true},
    {"SearchSchema", &SearchSchema},
    {"VectorAttribute", &VectorAttributeDefinition, true},
};
constexpr Member VectorIndexUpdate_members[] = {
    {"Create", &CreateVectorIndexAction},
    {"Delete", &DeleteVectorIndexAction},
};
constexpr Member WarmThroughput_members[] = {
    {"ReadUnitsPerSecond", &LongObject},
    {"WriteUnitsPerSecond", &LongObject},
};
constexpr Member WriteRequest_members[] = {
    {"DeleteRequest", &DeleteRequest},
    {"PutRequest", &PutRequest},
};

constinit const Shape ApproximateCreationDateTimePrecision = {.name = "ApproximateCreationDateTimePrecision", .kind = ShapeKind::string, .constrained = true, .enumeration = ApproximateCreationDateTimePrecision_values};
constinit const Shape AttributeAction = {.name = "AttributeAction", .kind = ShapeKind::string, .constrained = true, .enumeration = AttributeAction_values};
constinit const Shape AttributeDefinition = {.name = "AttributeDefinition", .kind = ShapeKind::structure, .constrained = true, .members = AttributeDefinition_members};
constinit const Shape AttributeDefinitions = {.name = "AttributeDefinitions", .kind = ShapeKind::list, .constrained = true, .element = &AttributeDefinition};
constinit const Shape AttributeName = {.name = "AttributeName", .kind = ShapeKind::string, .constrained = true, .has_max = true, .max = 65535};
constinit const Shape AttributeNameList = {.name = "AttributeNameList", .kind = ShapeKind::list, .constrained = true, .element = &AttributeName, .has_min = true, .has_max = true, .min = 1, .max = 255};
constinit const Shape AttributeUpdates = {.name = "AttributeUpdates", .kind = ShapeKind::map, .constrained = true, .element = &AttributeValueUpdate, .key = &AttributeName};
constinit const Shape AttributeValue = {.name = "AttributeValue", .kind = ShapeKind::attribute_value, .members = AttributeValue_members};
constinit const Shape AttributeValueList = {.name = "AttributeValueList", .kind = ShapeKind::list, .element = &AttributeValue};
constinit const Shape AttributeValueUpdate = {.name = "AttributeValueUpdate", .kind = ShapeKind::structure, .constrained = true, .members = AttributeValueUpdate_members};
constinit const Shape AutoScalingPolicyName = {.name = "AutoScalingPolicyName", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 256, .pattern = "\\p{Print}+", .matches = is_printable};
constinit const Shape AutoScalingPolicyUpdate = {.name = "AutoScalingPolicyUpdate", .kind = ShapeKind::structure, .constrained = true, .members = AutoScalingPolicyUpdate_members};
constinit const Shape AutoScalingRoleArn = {.name = "AutoScalingRoleArn", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 1600, .pattern = "[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*", .matches = is_xml_text};
constinit const Shape AutoScalingSettingsUpdate = {.name = "AutoScalingSettingsUpdate", .kind = ShapeKind::structure, .constrained = true, .members = AutoScalingSettingsUpdate_members};
constinit const Shape AutoScalingTargetTrackingScalingPolicyConfigurationUpdate = {.name = "AutoScalingTargetTrackingScalingPolicyConfigurationUpdate", .kind = ShapeKind::structure, .constrained = true, .members = AutoScalingTargetTrackingScalingPolicyConfigurationUpdate_members};
constinit const Shape BackupArn = {.name = "BackupArn", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 37, .max = 1024};
constinit const Shape BackupName = {.name = "BackupName", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 3, .max = 255, .pattern = "[a-zA-Z0-9_.-]+", .matches = is_resource_name};
constinit const Shape BackupTypeFilter = {.name = "BackupTypeFilter", .kind = ShapeKind::string, .constrained = true, .enumeration = BackupTypeFilter_values};
constinit const Shape BackupsInputLimit = {.name = "BackupsInputLimit", .kind = ShapeKind::integer, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 100};
constinit const Shape BatchExecuteStatementInput = {.name = "BatchExecuteStatementInput", .kind = ShapeKind::structure, .constrained = true, .members = BatchExecuteStatementInput_members};
constinit const Shape BatchGetItemInput = {.name = "BatchGetItemInput", .kind = ShapeKind::structure, .constrained = true, .members = BatchGetItemInput_members};
constinit const Shape BatchGetRequestMap = {.name = "BatchGetRequestMap", .kind = ShapeKind::map, .constrained = true, .element = &KeysAndAttributes, .key = &TableNameOrArn, .has_min = true, .has_max = true, .min_form = Form::newer, .max_form = Form::newer, .min = 1, .max = 100};
constinit const Shape BatchStatementRequest = {.name = "BatchStatementRequest", .kind = ShapeKind::structure, .constrained = true, .members = BatchStatementRequest_members};
constinit const Shape BatchWriteItemInput = {.name = "BatchWriteItemInput", .kind = ShapeKind::structure, .constrained = true, .members = BatchWriteItemInput_members};
constinit const Shape BatchWriteItemRequestMap = {.name = "BatchWriteItemRequestMap", .kind = ShapeKind::map, .constrained = true, .element = &WriteRequests, .key = &TableNameOrArn, .has_min = true, .has_max = true, .min_form = Form::newer, .max_form = Form::newer, .min = 1, .max = 25};
constinit const Shape BillingMode = {.name = "BillingMode", .kind = ShapeKind::string, .constrained = true, .enumeration = BillingMode_values};
constinit const Shape BinaryAttributeValue = {.name = "BinaryAttributeValue", .kind = ShapeKind::blob};
constinit const Shape BinarySetAttributeValue = {.name = "BinarySetAttributeValue", .kind = ShapeKind::list, .constrained = true, .element = &BinaryAttributeValue};
constinit const Shape BooleanAttributeValue = {.name = "BooleanAttributeValue", .kind = ShapeKind::boolean};
constinit const Shape BooleanObject = {.name = "BooleanObject", .kind = ShapeKind::boolean};
constinit const Shape BulkOperationArn = {.name = "BulkOperationArn", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 37, .max = 1024};
constinit const Shape BulkOperationInputFormat = {.name = "BulkOperationInputFormat", .kind = ShapeKind::string, .constrained = true, .enumeration = BulkOperationInputFormat_values};
constinit const Shape BulkOperationMaxWriteRequestUnits = {.name = "BulkOperationMaxWriteRequestUnits", .kind = ShapeKind::long_integer, .constrained = true, .has_min = true, .min = 1024};
constinit const Shape BulkOperationNextToken = {.name = "BulkOperationNextToken", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 1024, .pattern = "([0-9a-f]{16})+", .matches = is_hex_token};
constinit const Shape BulkOperationPerformanceTier = {.name = "BulkOperationPerformanceTier", .kind = ShapeKind::string, .constrained = true, .enumeration = BulkOperationPerformanceTier_values};
constinit const Shape CancelBulkOperationInput = {.name = "CancelBulkOperationInput", .kind = ShapeKind::structure, .constrained = true, .members = CancelBulkOperationInput_members};
constinit const Shape ClientRequestToken = {.name = "ClientRequestToken", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 36};
constinit const Shape ClientToken = {.name = "ClientToken", .kind = ShapeKind::string, .constrained = true, .pattern = "^[^\\$]+$", .matches = is_without_dollar};
constinit const Shape ComparisonOperator = {.name = "ComparisonOperator", .kind = ShapeKind::string, .constrained = true, .enumeration = ComparisonOperator_values};
constinit const Shape Condition = {.name = "Condition", .kind = ShapeKind::structure, .constrained = true, .members = Condition_members};
constinit const Shape ConditionCheck = {.name = "ConditionCheck", .kind = ShapeKind::structure, .constrained = true, .members = ConditionCheck_members};
constinit const Shape ConditionExpression = {.name = "ConditionExpression", .kind = ShapeKind::string};
constinit const Shape ConditionalOperator = {.name = "ConditionalOperator", .kind = ShapeKind::string, .constrained = true, .enumeration = ConditionalOperator_values};
constinit const Shape ConfirmRemoveSelfResourceAccess = {.name = "ConfirmRemoveSelfResourceAccess", .kind = ShapeKind::boolean};
constinit const Shape ConsistentRead = {.name = "ConsistentRead", .kind = ShapeKind::boolean};
constinit const Shape ContributorInsightsAction = {.name = "ContributorInsightsAction", .kind = ShapeKind::string, .constrained = true, .enumeration = ContributorInsightsAction_values};
constinit const Shape ContributorInsightsMode = {.name = "ContributorInsightsMode", .kind = ShapeKind::string, .constrained = true, .enumeration = ContributorInsightsMode_values};
constinit const Shape CreateBackupInput = {.name = "CreateBackupInput", .kind = ShapeKind::structure, .constrained = true, .members = CreateBackupInput_members};
constinit const Shape CreateGlobalSecondaryIndexAction = {.name = "CreateGlobalSecondaryIndexAction", .kind = ShapeKind::structure, .constrained = true, .members = CreateGlobalSecondaryIndexAction_members};
constinit const Shape CreateGlobalTableInput = {.name = "CreateGlobalTableInput", .kind = ShapeKind::structure, .constrained = true, .members = CreateGlobalTableInput_members};
constinit const Shape CreateGlobalTableWitnessGroupMemberAction = {.name = "CreateGlobalTableWitnessGroupMemberAction", .kind = ShapeKind::structure, .constrained = true, .members = CreateGlobalTableWitnessGroupMemberAction_members};
constinit const Shape CreateReplicaAction = {.name = "CreateReplicaAction", .kind = ShapeKind::structure, .constrained = true, .members = CreateReplicaAction_members};
constinit const Shape CreateReplicationGroupMemberAction = {.name = "CreateReplicationGroupMemberAction", .kind = ShapeKind::structure, .constrained = true, .members = CreateReplicationGroupMemberAction_members};
constinit const Shape CreateTableInput = {.name = "CreateTableInput", .kind = ShapeKind::structure, .constrained = true, .members = CreateTableInput_members};
constinit const Shape CreateVectorIndexAction = {.name = "CreateVectorIndexAction", .kind = ShapeKind::structure, .constrained = true, .members = CreateVectorIndexAction_members};
constinit const Shape CsvDelimiter = {.name = "CsvDelimiter", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 1, .pattern = "[,;:|\\t ]", .matches = is_csv_delimiter};
constinit const Shape CsvHeader = {.name = "CsvHeader", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 65536, .pattern = "[\\x20-\\x21\\x23-\\x2B\\x2D-\\x7E]*", .matches = is_csv_header};
constinit const Shape CsvHeaderList = {.name = "CsvHeaderList", .kind = ShapeKind::list, .constrained = true, .element = &CsvHeader, .has_min = true, .has_max = true, .min = 1, .max = 255};
constinit const Shape CsvOptions = {.name = "CsvOptions", .kind = ShapeKind::structure, .constrained = true, .members = CsvOptions_members};
constinit const Shape DataTableNameOrArn = {.name = "TableArn", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .or_arn = true, .refuses_empty_alone = true, .min = 3, .max = 255, .pattern = "[a-zA-Z0-9_.-]+", .matches = is_resource_name};
constinit const Shape Date = {.name = "Date", .kind = ShapeKind::timestamp};
constinit const Shape Delete = {.name = "Delete", .kind = ShapeKind::structure, .constrained = true, .members = Delete_members};
constinit const Shape DeleteBackupInput = {.name = "DeleteBackupInput", .kind = ShapeKind::structure, .constrained = true, .members = DeleteBackupInput_members};
constinit const Shape DeleteGlobalSecondaryIndexAction = {.name = "DeleteGlobalSecondaryIndexAction", .kind = ShapeKind::structure, .constrained = true, .members = DeleteGlobalSecondaryIndexAction_members};
constinit const Shape DeleteGlobalTableWitnessGroupMemberAction = {.name = "DeleteGlobalTableWitnessGroupMemberAction", .kind = ShapeKind::structure, .constrained = true, .members = DeleteGlobalTableWitnessGroupMemberAction_members};
constinit const Shape DeleteItemInput = {.name = "DeleteItemInput", .kind = ShapeKind::structure, .constrained = true, .members = DeleteItemInput_members};
constinit const Shape DeleteReplicaAction = {.name = "DeleteReplicaAction", .kind = ShapeKind::structure, .constrained = true, .members = DeleteReplicaAction_members};
constinit const Shape DeleteReplicationGroupMemberAction = {.name = "DeleteReplicationGroupMemberAction", .kind = ShapeKind::structure, .constrained = true, .members = DeleteReplicationGroupMemberAction_members};
constinit const Shape DeleteRequest = {.name = "DeleteRequest", .kind = ShapeKind::structure, .constrained = true, .members = DeleteRequest_members};
constinit const Shape DeleteResourcePolicyInput = {.name = "DeleteResourcePolicyInput", .kind = ShapeKind::structure, .constrained = true, .members = DeleteResourcePolicyInput_members};
constinit const Shape DeleteTableInput = {.name = "DeleteTableInput", .kind = ShapeKind::structure, .constrained = true, .members = DeleteTableInput_members};
constinit const Shape DeleteVectorIndexAction = {.name = "DeleteVectorIndexAction", .kind = ShapeKind::structure, .constrained = true, .members = DeleteVectorIndexAction_members};
constinit const Shape DeletionProtectionEnabled = {.name = "DeletionProtectionEnabled", .kind = ShapeKind::boolean};
constinit const Shape DescribeBackupInput = {.name = "DescribeBackupInput", .kind = ShapeKind::structure, .constrained = true, .members = DescribeBackupInput_members};
constinit const Shape DescribeBulkOperationInput = {.name = "DescribeBulkOperationInput", .kind = ShapeKind::structure, .constrained = true, .members = DescribeBulkOperationInput_members};
constinit const Shape DescribeContinuousBackupsInput = {.name = "DescribeContinuousBackupsInput", .kind = ShapeKind::structure, .constrained = true, .members = DescribeContinuousBackupsInput_members};
constinit const Shape DescribeContributorInsightsInput = {.name = "DescribeContributorInsightsInput", .kind = ShapeKind::structure, .constrained = true, .members = DescribeContributorInsightsInput_members};
constinit const Shape DescribeEndpointsRequest = {.name = "DescribeEndpointsRequest", .kind = ShapeKind::structure};
constinit const Shape DescribeExportInput = {.name = "DescribeExportInput", .kind = ShapeKind::structure, .constrained = true, .members = DescribeExportInput_members};
constinit const Shape DescribeGlobalTableInput = {.name = "DescribeGlobalTableInput", .kind = ShapeKind::structure, .constrained = true, .members = DescribeGlobalTableInput_members};
constinit const Shape DescribeGlobalTableSettingsInput = {.name = "DescribeGlobalTableSettingsInput", .kind = ShapeKind::structure, .constrained = true, .members = DescribeGlobalTableSettingsInput_members};
constinit const Shape DescribeImportInput = {.name = "DescribeImportInput", .kind = ShapeKind::structure, .constrained = true, .members = DescribeImportInput_members};
constinit const Shape DescribeKinesisStreamingDestinationInput = {.name = "DescribeKinesisStreamingDestinationInput", .kind = ShapeKind::structure, .constrained = true, .members = DescribeKinesisStreamingDestinationInput_members};
constinit const Shape DescribeLimitsInput = {.name = "DescribeLimitsInput", .kind = ShapeKind::structure};
constinit const Shape DescribeTableInput = {.name = "DescribeTableInput", .kind = ShapeKind::structure, .constrained = true, .members = DescribeTableInput_members};
constinit const Shape DescribeTableReplicaAutoScalingInput = {.name = "DescribeTableReplicaAutoScalingInput", .kind = ShapeKind::structure, .constrained = true, .members = DescribeTableReplicaAutoScalingInput_members};
constinit const Shape DescribeTimeToLiveInput = {.name = "DescribeTimeToLiveInput", .kind = ShapeKind::structure, .constrained = true, .members = DescribeTimeToLiveInput_members};
constinit const Shape DisassociateReplicationGroupMemberAction = {.name = "DisassociateReplicationGroupMemberAction", .kind = ShapeKind::structure, .constrained = true, .members = DisassociateReplicationGroupMemberAction_members};
constinit const Shape DisassociationMode = {.name = "DisassociationMode", .kind = ShapeKind::string, .constrained = true, .enumeration = DisassociationMode_values};
constinit const Shape DisassociationProtectionEnabled = {.name = "DisassociationProtectionEnabled", .kind = ShapeKind::boolean};
constinit const Shape DoubleObject = {.name = "DoubleObject", .kind = ShapeKind::decimal};
constinit const Shape EnableKinesisStreamingConfiguration = {.name = "EnableKinesisStreamingConfiguration", .kind = ShapeKind::structure, .constrained = true, .members = EnableKinesisStreamingConfiguration_members};
constinit const Shape ExecuteStatementInput = {.name = "ExecuteStatementInput", .kind = ShapeKind::structure, .constrained = true, .members = ExecuteStatementInput_members};
constinit const Shape ExecuteTransactionInput = {.name = "ExecuteTransactionInput", .kind = ShapeKind::structure, .constrained = true, .members = ExecuteTransactionInput_members};
constinit const Shape ExpectedAttributeMap = {.name = "ExpectedAttributeMap", .kind = ShapeKind::map, .constrained = true, .element = &ExpectedAttributeValue, .key = &AttributeName};
constinit const Shape ExpectedAttributeValue = {.name = "ExpectedAttributeValue", .kind = ShapeKind::structure, .constrained = true, .members = ExpectedAttributeValue_members};
constinit const Shape ExportArn = {.name = "ExportArn", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 37, .max = 1024};
constinit const Shape ExportFormat = {.name = "ExportFormat", .kind = ShapeKind::string, .constrained = true, .enumeration = ExportFormat_values};
constinit const Shape ExportFromTime = {.name = "ExportFromTime", .kind = ShapeKind::timestamp};
constinit const Shape ExportNextToken = {.name = "ExportNextToken", .kind = ShapeKind::string};
constinit const Shape ExportTableToPointInTimeInput = {.name = "ExportTableToPointInTimeInput", .kind = ShapeKind::structure, .constrained = true, .members = ExportTableToPointInTimeInput_members};
constinit const Shape ExportTime = {.name = "ExportTime", .kind = ShapeKind::timestamp};
constinit const Shape ExportToTime = {.name = "ExportToTime", .kind = ShapeKind::timestamp};
constinit const Shape ExportType = {.name = "ExportType", .kind = ShapeKind::string, .constrained = true, .enumeration = ExportType_values};
constinit const Shape ExportViewType = {.name = "ExportViewType", .kind = ShapeKind::string, .constrained = true, .enumeration = ExportViewType_values};
constinit const Shape ExpressionAttributeNameMap = {.name = "ExpressionAttributeNameMap", .kind = ShapeKind::map, .constrained = true, .element = &AttributeName, .key = &ExpressionAttributeNameVariable};
constinit const Shape ExpressionAttributeNameVariable = {.name = "ExpressionAttributeNameVariable", .kind = ShapeKind::string};
constinit const Shape ExpressionAttributeValueMap = {.name = "ExpressionAttributeValueMap", .kind = ShapeKind::map, .element = &AttributeValue, .key = &ExpressionAttributeValueVariable};
constinit const Shape ExpressionAttributeValueVariable = {.name = "ExpressionAttributeValueVariable", .kind = ShapeKind::string};
constinit const Shape FilterConditionMap = {.name = "FilterConditionMap", .kind = ShapeKind::map, .constrained = true, .element = &Condition, .key = &AttributeName};
constinit const Shape FilterSpecification = {.name = "FilterSpecification", .kind = ShapeKind::structure, .constrained = true, .members = FilterSpecification_members};
constinit const Shape Get = {.name = "Get", .kind = ShapeKind::structure, .constrained = true, .members = Get_members};
constinit const Shape GetItemInput = {.name = "GetItemInput", .kind = ShapeKind::structure, .constrained = true, .members = GetItemInput_members};
constinit const Shape GetResourcePolicyInput = {.name = "GetResourcePolicyInput", .kind = ShapeKind::structure, .constrained = true, .members = GetResourcePolicyInput_members};
constinit const Shape GlobalSecondaryIndex = {.name = "GlobalSecondaryIndex", .kind = ShapeKind::structure, .constrained = true, .members = GlobalSecondaryIndex_members};
constinit const Shape GlobalSecondaryIndexAutoScalingUpdate = {.name = "GlobalSecondaryIndexAutoScalingUpdate", .kind = ShapeKind::structure, .constrained = true, .members = GlobalSecondaryIndexAutoScalingUpdate_members};
constinit const Shape GlobalSecondaryIndexAutoScalingUpdateList = {.name = "GlobalSecondaryIndexAutoScalingUpdateList", .kind = ShapeKind::list, .constrained = true, .element = &GlobalSecondaryIndexAutoScalingUpdate, .has_min = true, .min = 1};
constinit const Shape GlobalSecondaryIndexList = {.name = "GlobalSecondaryIndexList", .kind = ShapeKind::list, .constrained = true, .element = &GlobalSecondaryIndex};
constinit const Shape GlobalSecondaryIndexUpdate = {.name = "GlobalSecondaryIndexUpdate", .kind = ShapeKind::structure, .constrained = true, .members = GlobalSecondaryIndexUpdate_members};
constinit const Shape GlobalSecondaryIndexUpdateList = {.name = "GlobalSecondaryIndexUpdateList", .kind = ShapeKind::list, .constrained = true, .element = &GlobalSecondaryIndexUpdate};
constinit const Shape GlobalTableGlobalSecondaryIndexSettingsUpdate = {.name = "GlobalTableGlobalSecondaryIndexSettingsUpdate", .kind = ShapeKind::structure, .constrained = true, .members = GlobalTableGlobalSecondaryIndexSettingsUpdate_members};
constinit const Shape GlobalTableGlobalSecondaryIndexSettingsUpdateList = {.name = "GlobalTableGlobalSecondaryIndexSettingsUpdateList", .kind = ShapeKind::list, .constrained = true, .element = &GlobalTableGlobalSecondaryIndexSettingsUpdate, .has_min = true, .has_max = true, .min = 1, .max = 20};
constinit const Shape GlobalTableSettingsReplicationMode = {.name = "GlobalTableSettingsReplicationMode", .kind = ShapeKind::string, .constrained = true, .enumeration = GlobalTableSettingsReplicationMode_values};
constinit const Shape GlobalTableWitnessGroupUpdate = {.name = "GlobalTableWitnessGroupUpdate", .kind = ShapeKind::structure, .constrained = true, .members = GlobalTableWitnessGroupUpdate_members};
constinit const Shape GlobalTableWitnessGroupUpdateList = {.name = "GlobalTableWitnessGroupUpdateList", .kind = ShapeKind::list, .constrained = true, .element = &GlobalTableWitnessGroupUpdate, .has_min = true, .has_max = true, .min = 1, .max = 1};
constinit const Shape ImportArn = {.name = "ImportArn", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 37, .max = 1024};
constinit const Shape ImportNextToken = {.name = "ImportNextToken", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 112, .max = 1024, .pattern = "([0-9a-f]{16})+", .matches = is_hex_token};
constinit const Shape ImportTableInput = {.name = "ImportTableInput", .kind = ShapeKind::structure, .constrained = true, .members = ImportTableInput_members};
constinit const Shape IncrementalExportSpecification = {.name = "IncrementalExportSpecification", .kind = ShapeKind::structure, .constrained = true, .members = IncrementalExportSpecification_members};
constinit const Shape IndexName = {.name = "IndexName", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 3, .max = 255, .pattern = "[a-zA-Z0-9_.-]+", .matches = is_resource_name};
constinit const Shape InputCompressionType = {.name = "InputCompressionType", .kind = ShapeKind::string, .constrained = true, .enumeration = InputCompressionType_values};
constinit const Shape InputFormat = {.name = "InputFormat", .kind = ShapeKind::string, .constrained = true, .enumeration = InputFormat_values};
constinit const Shape InputFormatOptions = {.name = "InputFormatOptions", .kind = ShapeKind::structure, .constrained = true, .members = InputFormatOptions_members};
constinit const Shape InputS3Configuration = {.name = "InputS3Configuration", .kind = ShapeKind::structure, .constrained = true, .members = InputS3Configuration_members};
constinit const Shape IntegerObject = {.name = "IntegerObject", .kind = ShapeKind::integer};
constinit const Shape KMSMasterKeyId = {.name = "KMSMasterKeyId", .kind = ShapeKind::string};
constinit const Shape Key = {.name = "Key", .kind = ShapeKind::map, .element = &AttributeValue, .key = &AttributeName};
constinit const Shape KeyConditions = {.name = "KeyConditions", .kind = ShapeKind::map, .constrained = true, .element = &Condition, .key = &AttributeName};
constinit const Shape KeyExpression = {.name = "KeyExpression", .kind = ShapeKind::string};
constinit const Shape KeyList = {.name = "KeyList", .kind = ShapeKind::list, .constrained = true, .element = &Key, .has_min = true, .has_max = true, .max_form = Form::newer, .min = 1, .max = 100};
constinit const Shape KeySchema = {.name = "KeySchema", .kind = ShapeKind::list, .constrained = true, .element = &KeySchemaElement, .has_min = true, .min = 1};
constinit const Shape KeySchemaAttributeName = {.name = "KeySchemaAttributeName", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 255};
constinit const Shape KeySchemaElement = {.name = "KeySchemaElement", .kind = ShapeKind::structure, .constrained = true, .members = KeySchemaElement_members};
constinit const Shape KeyType = {.name = "KeyType", .kind = ShapeKind::string, .constrained = true, .enumeration = KeyType_values};
constinit const Shape KeysAndAttributes = {.name = "KeysAndAttributes", .kind = ShapeKind::structure, .constrained = true, .members = KeysAndAttributes_members};
constinit const Shape KinesisStreamingDestinationInput = {.name = "KinesisStreamingDestinationInput", .kind = ShapeKind::structure, .constrained = true, .members = KinesisStreamingDestinationInput_members};
constinit const Shape ListAttributeValue = {.name = "ListAttributeValue", .kind = ShapeKind::list, .element = &AttributeValue};
constinit const Shape ListBackupsInput = {.name = "ListBackupsInput", .kind = ShapeKind::structure, .constrained = true, .members = ListBackupsInput_members};
constinit const Shape ListBulkOperationsInput = {.name = "ListBulkOperationsInput", .kind = ShapeKind::structure, .constrained = true, .members = ListBulkOperationsInput_members};
constinit const Shape ListBulkOperationsMaxLimit = {.name = "ListBulkOperationsMaxLimit", .kind = ShapeKind::integer, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 25};
constinit const Shape ListContributorInsightsInput = {.name = "ListContributorInsightsInput", .kind = ShapeKind::structure, .constrained = true, .members = ListContributorInsightsInput_members};
constinit const Shape ListContributorInsightsLimit = {.name = "ListContributorInsightsLimit", .kind = ShapeKind::integer, .constrained = true, .has_max = true, .max = 100};
constinit const Shape ListExportsInput = {.name = "ListExportsInput", .kind = ShapeKind::structure, .constrained = true, .members = ListExportsInput_members};
constinit const Shape ListExportsMaxLimit = {.name = "ListExportsMaxLimit", .kind = ShapeKind::integer, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 25};
constinit const Shape ListGlobalTablesInput = {.name = "ListGlobalTablesInput", .kind = ShapeKind::structure, .constrained = true, .members = ListGlobalTablesInput_members};
constinit const Shape ListImportsInput = {.name = "ListImportsInput", .kind = ShapeKind::structure, .constrained = true, .members = ListImportsInput_members};
constinit const Shape ListImportsMaxLimit = {.name = "ListImportsMaxLimit", .kind = ShapeKind::integer, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 25};
constinit const Shape ListTablesInput = {.name = "ListTablesInput", .kind = ShapeKind::structure, .constrained = true, .members = ListTablesInput_members};
constinit const Shape ListTablesInputLimit = {.name = "ListTablesInputLimit", .kind = ShapeKind::integer, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 100};
constinit const Shape ListTagsOfResourceInput = {.name = "ListTagsOfResourceInput", .kind = ShapeKind::structure, .constrained = true, .members = ListTagsOfResourceInput_members};
constinit const Shape LocalSecondaryIndex = {.name = "LocalSecondaryIndex", .kind = ShapeKind::structure, .constrained = true, .members = LocalSecondaryIndex_members};
constinit const Shape LocalSecondaryIndexList = {.name = "LocalSecondaryIndexList", .kind = ShapeKind::list, .constrained = true, .element = &LocalSecondaryIndex};
constinit const Shape LongObject = {.name = "LongObject", .kind = ShapeKind::long_integer};
constinit const Shape MapAttributeValue = {.name = "MapAttributeValue", .kind = ShapeKind::map, .element = &AttributeValue, .key = &AttributeName};
constinit const Shape MultiRegionConsistency = {.name = "MultiRegionConsistency", .kind = ShapeKind::string, .constrained = true, .enumeration = MultiRegionConsistency_values};
constinit const Shape NextTokenString = {.name = "NextTokenString", .kind = ShapeKind::string};
constinit const Shape NonKeyAttributeName = {.name = "NonKeyAttributeName", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 255};
constinit const Shape NonKeyAttributeNameList = {.name = "NonKeyAttributeNameList", .kind = ShapeKind::list, .constrained = true, .element = &NonKeyAttributeName, .has_min = true, .has_max = true, .min = 1, .max = 20};
constinit const Shape NullAttributeValue = {.name = "NullAttributeValue", .kind = ShapeKind::boolean};
constinit const Shape NumberAttributeValue = {.name = "NumberAttributeValue", .kind = ShapeKind::string};
constinit const Shape NumberSetAttributeValue = {.name = "NumberSetAttributeValue", .kind = ShapeKind::list, .constrained = true, .element = &NumberAttributeValue};
constinit const Shape OnDemandThroughput = {.name = "OnDemandThroughput", .kind = ShapeKind::structure, .members = OnDemandThroughput_members};
constinit const Shape OnDemandThroughputOverride = {.name = "OnDemandThroughputOverride", .kind = ShapeKind::structure, .members = OnDemandThroughputOverride_members};
constinit const Shape OutputS3Configuration = {.name = "OutputS3Configuration", .kind = ShapeKind::structure, .constrained = true, .members = OutputS3Configuration_members};
constinit const Shape OutputTypeEnum = {.name = "OutputTypeEnum", .kind = ShapeKind::string, .constrained = true, .enumeration = OutputTypeEnum_values};
constinit const Shape OutputTypeList = {.name = "OutputTypeList", .kind = ShapeKind::list, .constrained = true, .element = &OutputTypeEnum};
constinit const Shape ParameterizedStatement = {.name = "ParameterizedStatement", .kind = ShapeKind::structure, .constrained = true, .members = ParameterizedStatement_members};
constinit const Shape ParameterizedStatements = {.name = "ParameterizedStatements", .kind = ShapeKind::list, .constrained = true, .element = &ParameterizedStatement, .has_min = true, .has_max = true, .min = 1, .max = 100};
constinit const Shape PartiQLBatchRequest = {.name = "PartiQLBatchRequest", .kind = ShapeKind::list, .constrained = true, .element = &BatchStatementRequest, .has_min = true, .has_max = true, .min = 1, .max = 25};
constinit const Shape PartiQLNextToken = {.name = "PartiQLNextToken", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 32768};
constinit const Shape PartiQLStatement = {.name = "PartiQLStatement", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 8192};
constinit const Shape PointInTimeRecoverySpecification = {.name = "PointInTimeRecoverySpecification", .kind = ShapeKind::structure, .constrained = true, .members = PointInTimeRecoverySpecification_members};
constinit const Shape PolicyRevisionId = {.name = "PolicyRevisionId", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 255};
constinit const Shape PositiveIntegerObject = {.name = "PositiveIntegerObject", .kind = ShapeKind::integer, .constrained = true, .has_min = true, .min = 1};
constinit const Shape PositiveLongObject = {.name = "PositiveLongObject", .kind = ShapeKind::long_integer, .constrained = true, .has_min = true, .min = 1};
constinit const Shape PreparedStatementParameters = {.name = "PreparedStatementParameters", .kind = ShapeKind::list, .constrained = true, .element = &AttributeValue, .has_min = true, .min = 1};
constinit const Shape Projection = {.name = "Projection", .kind = ShapeKind::structure, .constrained = true, .members = Projection_members};
constinit const Shape ProjectionExpression = {.name = "ProjectionExpression", .kind = ShapeKind::string};
constinit const Shape ProjectionType = {.name = "ProjectionType", .kind = ShapeKind::string, .constrained = true, .enumeration = ProjectionType_values};
constinit const Shape ProvisionedThroughput = {.name = "ProvisionedThroughput", .kind = ShapeKind::structure, .constrained = true, .members = ProvisionedThroughput_members};
constinit const Shape ProvisionedThroughputOverride = {.name = "ProvisionedThroughputOverride", .kind = ShapeKind::structure, .constrained = true, .members = ProvisionedThroughputOverride_members};
constinit const Shape Put = {.name = "Put", .kind = ShapeKind::structure, .constrained = true, .members = Put_members};
constinit const Shape PutItemInput = {.name = "PutItemInput", .kind = ShapeKind::structure, .constrained = true, .members = PutItemInput_members};
constinit const Shape PutItemInputAttributeMap = {.name = "PutItemInputAttributeMap", .kind = ShapeKind::map, .element = &AttributeValue, .key = &AttributeName};
constinit const Shape PutRequest = {.name = "PutRequest", .kind = ShapeKind::structure, .constrained = true, .members = PutRequest_members};
constinit const Shape PutResourcePolicyInput = {.name = "PutResourcePolicyInput", .kind = ShapeKind::structure, .constrained = true, .members = PutResourcePolicyInput_members};
constinit const Shape QueryConditionalOperator = {.name = "ConditionalOperator", .kind = ShapeKind::string, .constrained = true, .enumeration_form = Form::newer_bare, .enumeration = QueryConditionalOperator_values, .enumeration_text = "[ALL, OR]"};
constinit const Shape QueryInput = {.name = "QueryInput", .kind = ShapeKind::structure, .constrained = true, .members = QueryInput_members};
constinit const Shape ReadLimit = {.name = "PositiveIntegerObject", .kind = ShapeKind::integer, .constrained = true, .has_min = true, .min_form = Form::newer, .min = 1};
constinit const Shape RecoveryPeriodInDays = {.name = "RecoveryPeriodInDays", .kind = ShapeKind::integer, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 35};
constinit const Shape RegionName = {.name = "RegionName", .kind = ShapeKind::string};
constinit const Shape Replica = {.name = "Replica", .kind = ShapeKind::structure, .members = Replica_members};
constinit const Shape ReplicaAutoScalingUpdate = {.name = "ReplicaAutoScalingUpdate", .kind = ShapeKind::structure, .constrained = true, .members = ReplicaAutoScalingUpdate_members};
constinit const Shape ReplicaAutoScalingUpdateList = {.name = "ReplicaAutoScalingUpdateList", .kind = ShapeKind::list, .constrained = true, .element = &ReplicaAutoScalingUpdate, .has_min = true, .min = 1};
constinit const Shape ReplicaGlobalSecondaryIndex = {.name = "ReplicaGlobalSecondaryIndex", .kind = ShapeKind::structure, .constrained = true, .members = ReplicaGlobalSecondaryIndex_members};
constinit const Shape ReplicaGlobalSecondaryIndexAutoScalingUpdate = {.name = "ReplicaGlobalSecondaryIndexAutoScalingUpdate", .kind = ShapeKind::structure, .constrained = true, .members = ReplicaGlobalSecondaryIndexAutoScalingUpdate_members};
constinit const Shape ReplicaGlobalSecondaryIndexAutoScalingUpdateList = {.name = "ReplicaGlobalSecondaryIndexAutoScalingUpdateList", .kind = ShapeKind::list, .constrained = true, .element = &ReplicaGlobalSecondaryIndexAutoScalingUpdate};
constinit const Shape ReplicaGlobalSecondaryIndexList = {.name = "ReplicaGlobalSecondaryIndexList", .kind = ShapeKind::list, .constrained = true, .element = &ReplicaGlobalSecondaryIndex, .has_min = true, .min = 1};
constinit const Shape ReplicaGlobalSecondaryIndexSettingsUpdate = {.name = "ReplicaGlobalSecondaryIndexSettingsUpdate", .kind = ShapeKind::structure, .constrained = true, .members = ReplicaGlobalSecondaryIndexSettingsUpdate_members};
constinit const Shape ReplicaGlobalSecondaryIndexSettingsUpdateList = {.name = "ReplicaGlobalSecondaryIndexSettingsUpdateList", .kind = ShapeKind::list, .constrained = true, .element = &ReplicaGlobalSecondaryIndexSettingsUpdate, .has_min = true, .has_max = true, .min = 1, .max = 20};
constinit const Shape ReplicaList = {.name = "ReplicaList", .kind = ShapeKind::list, .constrained = true, .element = &Replica};
constinit const Shape ReplicaSettingsUpdate = {.name = "ReplicaSettingsUpdate", .kind = ShapeKind::structure, .constrained = true, .members = ReplicaSettingsUpdate_members};
constinit const Shape ReplicaSettingsUpdateList = {.name = "ReplicaSettingsUpdateList", .kind = ShapeKind::list, .constrained = true, .element = &ReplicaSettingsUpdate, .has_min = true, .has_max = true, .min = 1, .max = 50};
constinit const Shape ReplicaUpdate = {.name = "ReplicaUpdate", .kind = ShapeKind::structure, .constrained = true, .members = ReplicaUpdate_members};
constinit const Shape ReplicaUpdateList = {.name = "ReplicaUpdateList", .kind = ShapeKind::list, .constrained = true, .element = &ReplicaUpdate};
constinit const Shape ReplicationGroupUpdate = {.name = "ReplicationGroupUpdate", .kind = ShapeKind::structure, .constrained = true, .members = ReplicationGroupUpdate_members};
constinit const Shape ReplicationGroupUpdateList = {.name = "ReplicationGroupUpdateList", .kind = ShapeKind::list, .constrained = true, .element = &ReplicationGroupUpdate, .has_min = true, .min = 1};
constinit const Shape ResourceArnString = {.name = "ResourceArnString", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 1283};
constinit const Shape ResourcePolicy = {.name = "ResourcePolicy", .kind = ShapeKind::string};
constinit const Shape RestoreTableFromBackupInput = {.name = "RestoreTableFromBackupInput", .kind = ShapeKind::structure, .constrained = true, .members = RestoreTableFromBackupInput_members};
constinit const Shape RestoreTableToPointInTimeInput = {.name = "RestoreTableToPointInTimeInput", .kind = ShapeKind::structure, .constrained = true, .members = RestoreTableToPointInTimeInput_members};
constinit const Shape ReturnConsumedCapacity = {.name = "ReturnConsumedCapacity", .kind = ShapeKind::string, .constrained = true, .enumeration = ReturnConsumedCapacity_values};
constinit const Shape ReturnItemCollectionMetrics = {.name = "ReturnItemCollectionMetrics", .kind = ShapeKind::string, .constrained = true, .enumeration = ReturnItemCollectionMetrics_values};
constinit const Shape ReturnValuesOnConditionCheckFailure = {.name = "ReturnValuesOnConditionCheckFailure", .kind = ShapeKind::string, .constrained = true, .enumeration = ReturnValuesOnConditionCheckFailure_values};
constinit const Shape S3Bucket = {.name = "S3Bucket", .kind = ShapeKind::string, .constrained = true, .has_max = true, .max = 255, .pattern = "^[a-z0-9A-Z]+[\\.\\-\\w]*[a-z0-9A-Z]+$", .matches = is_bucket_name};
constinit const Shape S3BucketOwner = {.name = "S3BucketOwner", .kind = ShapeKind::string, .constrained = true, .pattern = "[0-9]{12}", .matches = is_account};
constinit const Shape S3BucketSource = {.name = "S3BucketSource", .kind = ShapeKind::structure, .constrained = true, .members = S3BucketSource_members};
constinit const Shape S3Prefix = {.name = "S3Prefix", .kind = ShapeKind::string, .constrained = true, .has_max = true, .max = 1024};
constinit const Shape S3SseAlgorithm = {.name = "S3SseAlgorithm", .kind = ShapeKind::string, .constrained = true, .enumeration = S3SseAlgorithm_values};
constinit const Shape S3SseKmsKeyId = {.name = "S3SseKmsKeyId", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 2048};
constinit const Shape SSEEnabled = {.name = "SSEEnabled", .kind = ShapeKind::boolean};
constinit const Shape SSESpecification = {.name = "SSESpecification", .kind = ShapeKind::structure, .constrained = true, .members = SSESpecification_members};
constinit const Shape SSEType = {.name = "SSEType", .kind = ShapeKind::string, .constrained = true, .enumeration = SSEType_values};
constinit const Shape ScalarAttributeType = {.name = "ScalarAttributeType", .kind = ShapeKind::string, .constrained = true, .enumeration = ScalarAttributeType_values};
constinit const Shape ScanInput = {.name = "ScanInput", .kind = ShapeKind::structure, .constrained = true, .members = ScanInput_members};
constinit const Shape ScanSegment = {.name = "ScanSegment", .kind = ShapeKind::integer, .constrained = true, .has_min = true, .has_max = true, .min = 0, .max = 999999};
constinit const Shape ScanTotalSegments = {.name = "ScanTotalSegments", .kind = ShapeKind::integer, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 1000000};
constinit const Shape SearchSchema = {.name = "SearchSchema", .kind = ShapeKind::list, .constrained = true, .element = &SearchSchemaElement, .has_min = true, .min = 1};
constinit const Shape SearchSchemaElement = {.name = "SearchSchemaElement", .kind = ShapeKind::structure, .constrained = true, .members = SearchSchemaElement_members};
constinit const Shape SearchSchemaElementType = {.name = "SearchSchemaElementType", .kind = ShapeKind::string, .constrained = true, .enumeration = SearchSchemaElementType_values};
constinit const Shape SearchVectorList = {.name = "SearchVectorList", .kind = ShapeKind::list, .constrained = true, .element = &AttributeValue, .has_min = true, .has_max = true, .min = 1, .max = 4096};
constinit const Shape SearchVectorsInput = {.name = "SearchVectorsInput", .kind = ShapeKind::structure, .constrained = true, .members = SearchVectorsInput_members};
constinit const Shape Select = {.name = "Select", .kind = ShapeKind::string, .constrained = true, .enumeration = Select_values};
constinit const Shape StartBulkPutItemsInput = {.name = "StartBulkPutItemsInput", .kind = ShapeKind::structure, .constrained = true, .members = StartBulkPutItemsInput_members};
constinit const Shape StreamArn = {.name = "StreamArn", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 37, .max = 1024};
constinit const Shape StreamEnabled = {.name = "StreamEnabled", .kind = ShapeKind::boolean};
constinit const Shape StreamSpecification = {.name = "StreamSpecification", .kind = ShapeKind::structure, .constrained = true, .members = StreamSpecification_members};
constinit const Shape StreamViewType = {.name = "StreamViewType", .kind = ShapeKind::string, .constrained = true, .enumeration = StreamViewType_values};
constinit const Shape String = {.name = "String", .kind = ShapeKind::string};
constinit const Shape StringAttributeValue = {.name = "StringAttributeValue", .kind = ShapeKind::string};
constinit const Shape StringSetAttributeValue = {.name = "StringSetAttributeValue", .kind = ShapeKind::list, .constrained = true, .element = &StringAttributeValue};
constinit const Shape TableArn = {.name = "TableArn", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 1024};
constinit const Shape TableClass = {.name = "TableClass", .kind = ShapeKind::string, .constrained = true, .enumeration = TableClass_values};
constinit const Shape TableCreationParameters = {.name = "TableCreationParameters", .kind = ShapeKind::structure, .constrained = true, .members = TableCreationParameters_members};
constinit const Shape TableKeySchema = {.name = "KeySchema", .kind = ShapeKind::list, .constrained = true, .element = &KeySchemaElement, .has_min = true, .has_max = true, .min = 1, .max = 2};
constinit const Shape TableName = {.name = "TableName", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 3, .max = 255, .pattern = "[a-zA-Z0-9_.-]+", .matches = is_resource_name};
constinit const Shape TableNameOrArn = {.name = "TableArn", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .or_arn = true, .min = 3, .max = 255, .pattern = "[a-zA-Z0-9_.-]+", .matches = is_resource_name};
constinit const Shape Tag = {.name = "Tag", .kind = ShapeKind::structure, .constrained = true, .members = Tag_members};
constinit const Shape TagKeyList = {.name = "TagKeyList", .kind = ShapeKind::list, .constrained = true, .element = &TagKeyString};
constinit const Shape TagKeyString = {.name = "TagKeyString", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 128};
constinit const Shape TagList = {.name = "TagList", .kind = ShapeKind::list, .constrained = true, .element = &Tag};
constinit const Shape TagResourceInput = {.name = "TagResourceInput", .kind = ShapeKind::structure, .constrained = true, .members = TagResourceInput_members};
constinit const Shape TagValueString = {.name = "TagValueString", .kind = ShapeKind::string, .constrained = true, .has_max = true, .max = 256};
constinit const Shape TimeRangeLowerBound = {.name = "TimeRangeLowerBound", .kind = ShapeKind::timestamp};
constinit const Shape TimeRangeUpperBound = {.name = "TimeRangeUpperBound", .kind = ShapeKind::timestamp};
constinit const Shape TimeToLiveAttributeName = {.name = "TimeToLiveAttributeName", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 255};
constinit const Shape TimeToLiveEnabled = {.name = "TimeToLiveEnabled", .kind = ShapeKind::boolean};
constinit const Shape TimeToLiveSpecification = {.name = "TimeToLiveSpecification", .kind = ShapeKind::structure, .constrained = true, .members = TimeToLiveSpecification_members};
constinit const Shape TopKInteger = {.name = "TopKInteger", .kind = ShapeKind::integer, .constrained = true, .has_min = true, .min = 1};
constinit const Shape TransactGetItem = {.name = "TransactGetItem", .kind = ShapeKind::structure, .constrained = true, .members = TransactGetItem_members};
constinit const Shape TransactGetItemList = {.name = "TransactGetItemList", .kind = ShapeKind::list, .constrained = true, .element = &TransactGetItem, .has_min = true, .has_max = true, .min_form = Form::newer, .max_form = Form::newer, .min = 1, .max = 100};
constinit const Shape TransactGetItemsInput = {.name = "TransactGetItemsInput", .kind = ShapeKind::structure, .constrained = true, .members = TransactGetItemsInput_members};
constinit const Shape TransactWriteItem = {.name = "TransactWriteItem", .kind = ShapeKind::structure, .constrained = true, .members = TransactWriteItem_members};
constinit const Shape TransactWriteItemList = {.name = "TransactWriteItemList", .kind = ShapeKind::list, .constrained = true, .element = &TransactWriteItem, .has_min = true, .has_max = true, .min_form = Form::newer, .max_form = Form::newer, .min = 1, .max = 100};
constinit const Shape TransactWriteItemsInput = {.name = "TransactWriteItemsInput", .kind = ShapeKind::structure, .constrained = true, .members = TransactWriteItemsInput_members};
constinit const Shape TransactionToken = {.name = "ClientRequestToken", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .max_form = Form::newer, .min = 1, .max = 36};
constinit const Shape UntagResourceInput = {.name = "UntagResourceInput", .kind = ShapeKind::structure, .constrained = true, .members = UntagResourceInput_members};
constinit const Shape Update = {.name = "Update", .kind = ShapeKind::structure, .constrained = true, .members = Update_members};
constinit const Shape UpdateContinuousBackupsInput = {.name = "UpdateContinuousBackupsInput", .kind = ShapeKind::structure, .constrained = true, .members = UpdateContinuousBackupsInput_members};
constinit const Shape UpdateContributorInsightsInput = {.name = "UpdateContributorInsightsInput", .kind = ShapeKind::structure, .constrained = true, .members = UpdateContributorInsightsInput_members};
constinit const Shape UpdateExpression = {.name = "UpdateExpression", .kind = ShapeKind::string};
constinit const Shape UpdateGlobalSecondaryIndexAction = {.name = "UpdateGlobalSecondaryIndexAction", .kind = ShapeKind::structure, .constrained = true, .members = UpdateGlobalSecondaryIndexAction_members};
constinit const Shape UpdateGlobalTableInput = {.name = "UpdateGlobalTableInput", .kind = ShapeKind::structure, .constrained = true, .members = UpdateGlobalTableInput_members};
constinit const Shape UpdateGlobalTableSettingsInput = {.name = "UpdateGlobalTableSettingsInput", .kind = ShapeKind::structure, .constrained = true, .members = UpdateGlobalTableSettingsInput_members};
constinit const Shape UpdateItemInput = {.name = "UpdateItemInput", .kind = ShapeKind::structure, .constrained = true, .members = UpdateItemInput_members};
constinit const Shape UpdateKinesisStreamingConfiguration = {.name = "UpdateKinesisStreamingConfiguration", .kind = ShapeKind::structure, .constrained = true, .members = UpdateKinesisStreamingConfiguration_members};
constinit const Shape UpdateKinesisStreamingDestinationInput = {.name = "UpdateKinesisStreamingDestinationInput", .kind = ShapeKind::structure, .constrained = true, .members = UpdateKinesisStreamingDestinationInput_members};
constinit const Shape UpdateReplicationGroupMemberAction = {.name = "UpdateReplicationGroupMemberAction", .kind = ShapeKind::structure, .constrained = true, .members = UpdateReplicationGroupMemberAction_members};
constinit const Shape UpdateTableInput = {.name = "UpdateTableInput", .kind = ShapeKind::structure, .constrained = true, .members = UpdateTableInput_members};
constinit const Shape UpdateTableReplicaAutoScalingInput = {.name = "UpdateTableReplicaAutoScalingInput", .kind = ShapeKind::structure, .constrained = true, .members = UpdateTableReplicaAutoScalingInput_members};
constinit const Shape UpdateTimeToLiveInput = {.name = "UpdateTimeToLiveInput", .kind = ShapeKind::structure, .constrained = true, .members = UpdateTimeToLiveInput_members};
constinit const Shape VectorAttributeDefinition = {.name = "VectorAttributeDefinition", .kind = ShapeKind::structure, .constrained = true, .members = VectorAttributeDefinition_members};
constinit const Shape VectorAttributeName = {.name = "VectorAttributeName", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 255};
constinit const Shape VectorDistanceFunction = {.name = "VectorDistanceFunction", .kind = ShapeKind::string, .constrained = true, .enumeration = VectorDistanceFunction_values};
constinit const Shape VectorIndex = {.name = "VectorIndex", .kind = ShapeKind::structure, .constrained = true, .members = VectorIndex_members};
constinit const Shape VectorIndexList = {.name = "VectorIndexList", .kind = ShapeKind::list, .constrained = true, .element = &VectorIndex};
constinit const Shape VectorIndexUpdate = {.name = "VectorIndexUpdate", .kind = ShapeKind::structure, .constrained = true, .members = VectorIndexUpdate_members};
constinit const Shape VectorIndexUpdateList = {.name = "VectorIndexUpdateList", .kind = ShapeKind::list, .constrained = true, .element = &VectorIndexUpdate};
constinit const Shape WarmThroughput = {.name = "WarmThroughput", .kind = ShapeKind::structure, .members = WarmThroughput_members};
constinit const Shape WriteConditionalOperator = {.name = "ConditionalOperator", .kind = ShapeKind::string, .constrained = true, .enumeration_form = Form::newer, .enumeration = WriteConditionalOperator_values, .enumeration_text = "[ALL, OR]"};
constinit const Shape WriteRequest = {.name = "WriteRequest", .kind = ShapeKind::structure, .constrained = true, .members = WriteRequest_members};
constinit const Shape WriteRequests = {.name = "WriteRequests", .kind = ShapeKind::list, .constrained = true, .element = &WriteRequest, .has_min = true, .has_max = true, .max_form = Form::newer, .min = 1, .max = 25};
constinit const Shape WriteReturnValue = {.name = "ReturnValue", .kind = ShapeKind::string, .constrained = true, .enumeration_form = Form::newer, .enumeration = WriteReturnValue_values, .enumeration_text = "[ALL_OLD, UPDATED_OLD, ALL_NEW, UPDATE_NEW, NONE]"};

}  // namespace dynamodb

namespace dynamodb_streams {

extern const Shape DescribeStreamInput;
extern const Shape GetRecordsInput;
extern const Shape GetShardIteratorInput;
extern const Shape ListStreamsInput;
extern const Shape PositiveIntegerObject;
extern const Shape SequenceNumber;
extern const Shape ShardFilter;
extern const Shape ShardFilterType;
extern const Shape ShardId;
extern const Shape ShardIterator;
extern const Shape ShardIteratorType;
extern const Shape StreamArn;
extern const Shape TableName;
extern const Shape Timestamp;

constexpr std::string_view ShardFilterType_values[] = {"CHILD_SHARDS"};
constexpr std::string_view ShardIteratorType_values[] = {"TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER", "AT_TIMESTAMP"};

constexpr Member DescribeStreamInput_members[] = {
    {"ExclusiveStartShardId", &ShardId},
    {"Limit", &PositiveIntegerObject},
    {"ShardFilter", &ShardFilter},
    {"StreamArn", &StreamArn, true},
};
constexpr Member GetRecordsInput_members[] = {
    {"Limit", &PositiveIntegerObject},
    {"ShardIterator", &ShardIterator, true},
};
constexpr Member GetShardIteratorInput_members[] = {
    {"SequenceNumber", &SequenceNumber},
    {"ShardId", &ShardId, true},
    {"ShardIteratorType", &ShardIteratorType, true},
    {"StreamArn", &StreamArn, true},
    {"Timestamp", &Timestamp},
};
constexpr Member ListStreamsInput_members[] = {
    {"ExclusiveStartStreamArn", &StreamArn},
    {"Limit", &PositiveIntegerObject},
    {"TableName", &TableName},
};
constexpr Member ShardFilter_members[] = {
    {"ShardId", &ShardId},
    {"Type", &ShardFilterType},
};

constinit const Shape DescribeStreamInput = {.name = "DescribeStreamInput", .kind = ShapeKind::structure, .constrained = true, .members = DescribeStreamInput_members};
constinit const Shape GetRecordsInput = {.name = "GetRecordsInput", .kind = ShapeKind::structure, .constrained = true, .members = GetRecordsInput_members};
constinit const Shape GetShardIteratorInput = {.name = "GetShardIteratorInput", .kind = ShapeKind::structure, .constrained = true, .members = GetShardIteratorInput_members};
constinit const Shape ListStreamsInput = {.name = "ListStreamsInput", .kind = ShapeKind::structure, .constrained = true, .members = ListStreamsInput_members};
constinit const Shape PositiveIntegerObject = {.name = "PositiveIntegerObject", .kind = ShapeKind::integer, .constrained = true, .has_min = true, .min = 1};
constinit const Shape SequenceNumber = {.name = "SequenceNumber", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 21, .max = 40};
constinit const Shape ShardFilter = {.name = "ShardFilter", .kind = ShapeKind::structure, .constrained = true, .members = ShardFilter_members};
constinit const Shape ShardFilterType = {.name = "ShardFilterType", .kind = ShapeKind::string, .constrained = true, .enumeration = ShardFilterType_values};
constinit const Shape ShardId = {.name = "ShardId", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 28, .max = 65};
constinit const Shape ShardIterator = {.name = "ShardIterator", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 1, .max = 2048};
constinit const Shape ShardIteratorType = {.name = "ShardIteratorType", .kind = ShapeKind::string, .constrained = true, .enumeration = ShardIteratorType_values};
constinit const Shape StreamArn = {.name = "StreamArn", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 37, .max = 1024};
constinit const Shape TableName = {.name = "TableName", .kind = ShapeKind::string, .constrained = true, .has_min = true, .has_max = true, .min = 3, .max = 255, .pattern = "[a-zA-Z0-9_.-]+", .matches = is_resource_name};
constinit const Shape Timestamp = {.name = "Timestamp", .kind = ShapeKind::timestamp};

}  // namespace dynamodb_streams

constexpr OperationModel kOperations[] = {
    {"BatchExecuteStatement", "DynamoDB_20120810", &dynamodb::BatchExecuteStatementInput},
    {"BatchGetItem", "DynamoDB_20120810", &dynamodb::BatchGetItemInput},
    {"BatchWriteItem", "DynamoDB_20120810", &dynamodb::BatchWriteItemInput},
    {"CancelBulkOperation", "DynamoDB_20120810", &dynamodb::CancelBulkOperationInput},
    {"CreateBackup", "DynamoDB_20120810", &dynamodb::CreateBackupInput},
    {"CreateGlobalTable", "DynamoDB_20120810", &dynamodb::CreateGlobalTableInput},
    {"CreateTable", "DynamoDB_20120810", &dynamodb::CreateTableInput},
    {"DeleteBackup", "DynamoDB_20120810", &dynamodb::DeleteBackupInput},
    {"DeleteItem", "DynamoDB_20120810", &dynamodb::DeleteItemInput},
    {"DeleteResourcePolicy", "DynamoDB_20120810", &dynamodb::DeleteResourcePolicyInput},
    {"DeleteTable", "DynamoDB_20120810", &dynamodb::DeleteTableInput},
    {"DescribeBackup", "DynamoDB_20120810", &dynamodb::DescribeBackupInput},
    {"DescribeBulkOperation", "DynamoDB_20120810", &dynamodb::DescribeBulkOperationInput},
    {"DescribeContinuousBackups", "DynamoDB_20120810", &dynamodb::DescribeContinuousBackupsInput},
    {"DescribeContributorInsights", "DynamoDB_20120810", &dynamodb::DescribeContributorInsightsInput},
    {"DescribeEndpoints", "DynamoDB_20120810", &dynamodb::DescribeEndpointsRequest},
    {"DescribeExport", "DynamoDB_20120810", &dynamodb::DescribeExportInput},
    {"DescribeGlobalTable", "DynamoDB_20120810", &dynamodb::DescribeGlobalTableInput},
    {"DescribeGlobalTableSettings", "DynamoDB_20120810", &dynamodb::DescribeGlobalTableSettingsInput},
    {"DescribeImport", "DynamoDB_20120810", &dynamodb::DescribeImportInput},
    {"DescribeKinesisStreamingDestination", "DynamoDB_20120810", &dynamodb::DescribeKinesisStreamingDestinationInput},
    {"DescribeLimits", "DynamoDB_20120810", &dynamodb::DescribeLimitsInput},
    {"DescribeStream", "DynamoDBStreams_20120810", &dynamodb_streams::DescribeStreamInput},
    {"DescribeTable", "DynamoDB_20120810", &dynamodb::DescribeTableInput},
    {"DescribeTableReplicaAutoScaling", "DynamoDB_20120810", &dynamodb::DescribeTableReplicaAutoScalingInput},
    {"DescribeTimeToLive", "DynamoDB_20120810", &dynamodb::DescribeTimeToLiveInput},
    {"DisableKinesisStreamingDestination", "DynamoDB_20120810", &dynamodb::KinesisStreamingDestinationInput},
    {"EnableKinesisStreamingDestination", "DynamoDB_20120810", &dynamodb::KinesisStreamingDestinationInput},
    {"ExecuteStatement", "DynamoDB_20120810", &dynamodb::ExecuteStatementInput},
    {"ExecuteTransaction", "DynamoDB_20120810", &dynamodb::ExecuteTransactionInput},
    {"ExportTableToPointInTime", "DynamoDB_20120810", &dynamodb::ExportTableToPointInTimeInput},
    {"GetItem", "DynamoDB_20120810", &dynamodb::GetItemInput},
    {"GetRecords", "DynamoDBStreams_20120810", &dynamodb_streams::GetRecordsInput},
    {"GetResourcePolicy", "DynamoDB_20120810", &dynamodb::GetResourcePolicyInput},
    {"GetShardIterator", "DynamoDBStreams_20120810", &dynamodb_streams::GetShardIteratorInput},
    {"ImportTable", "DynamoDB_20120810", &dynamodb::ImportTableInput},
    {"ListBackups", "DynamoDB_20120810", &dynamodb::ListBackupsInput},
    {"ListBulkOperations", "DynamoDB_20120810", &dynamodb::ListBulkOperationsInput},
    {"ListContributorInsights", "DynamoDB_20120810", &dynamodb::ListContributorInsightsInput},
    {"ListExports", "DynamoDB_20120810", &dynamodb::ListExportsInput},
    {"ListGlobalTables", "DynamoDB_20120810", &dynamodb::ListGlobalTablesInput},
    {"ListImports", "DynamoDB_20120810", &dynamodb::ListImportsInput},
    {"ListStreams", "DynamoDBStreams_20120810", &dynamodb_streams::ListStreamsInput},
    {"ListTables", "DynamoDB_20120810", &dynamodb::ListTablesInput},
    {"ListTagsOfResource", "DynamoDB_20120810", &dynamodb::ListTagsOfResourceInput},
    {"PutItem", "DynamoDB_20120810", &dynamodb::PutItemInput},
    {"PutResourcePolicy", "DynamoDB_20120810", &dynamodb::PutResourcePolicyInput},
    {"Query", "DynamoDB_20120810", &dynamodb::QueryInput},
    {"RestoreTableFromBackup", "DynamoDB_20120810", &dynamodb::RestoreTableFromBackupInput},
    {"RestoreTableToPointInTime", "DynamoDB_20120810", &dynamodb::RestoreTableToPointInTimeInput},
    {"Scan", "DynamoDB_20120810", &dynamodb::ScanInput},
    {"SearchVectors", "DynamoDB_20120810", &dynamodb::SearchVectorsInput},
    {"StartBulkPutItems", "DynamoDB_20120810", &dynamodb::StartBulkPutItemsInput},
    {"TagResource", "DynamoDB_20120810", &dynamodb::TagResourceInput},
    {"TransactGetItems", "DynamoDB_20120810", &dynamodb::TransactGetItemsInput},
    {"TransactWriteItems", "DynamoDB_20120810", &dynamodb::TransactWriteItemsInput},
    {"UntagResource", "DynamoDB_20120810", &dynamodb::UntagResourceInput},
    {"UpdateContinuousBackups", "DynamoDB_20120810", &dynamodb::UpdateContinuousBackupsInput},
    {"UpdateContributorInsights", "DynamoDB_20120810", &dynamodb::UpdateContributorInsightsInput},
    {"UpdateGlobalTable", "DynamoDB_20120810", &dynamodb::UpdateGlobalTableInput},
    {"UpdateGlobalTableSettings", "DynamoDB_20120810", &dynamodb::UpdateGlobalTableSettingsInput},
    {"UpdateItem", "DynamoDB_20120810", &dynamodb::UpdateItemInput},
    {"UpdateKinesisStreamingDestination", "DynamoDB_20120810", &dynamodb::UpdateKinesisStreamingDestinationInput},
    {"UpdateTable", "DynamoDB_20120810", &dynamodb::UpdateTableInput},
    {"UpdateTableReplicaAutoScaling", "DynamoDB_20120810", &dynamodb::UpdateTableReplicaAutoScalingInput},
    {"UpdateTimeToLive", "DynamoDB_20120810", &dynamodb::UpdateTimeToLiveInput},
};

}  // namespace

std::span<const OperationModel> operations() { return kOperations; }

}  // namespace shoal::model
