// An application on the Kinesis Client Library that reads a DynamoDB stream, set up as the adapter's documentation says:
// java -cp '<jars>/*' StreamConsumer.java <endpoint> <stream ARN> <application name>
//
// It tells of what it is given on its standard output, a line each (the parts are parted by tabs), and ends when its
// standard input does:
//
//   record <shard> <sequence number> <event> <p of Keys> <v of NewImage>
//   lease <shard>        it reads this shard from now on
//   end <shard>          it has read this closed shard to its end
//   lost <shard>         another worker reads it
//
// Its intervals are short, for a test; nothing else differs from the defaults but that it measures no load of the worker
// (that would ask for EC2's metadata) and tells CloudWatch nothing.

import com.amazonaws.services.dynamodbv2.streamsadapter.AmazonDynamoDBStreamsAdapterClient;
import com.amazonaws.services.dynamodbv2.streamsadapter.StreamsSchedulerFactory;
import com.amazonaws.services.dynamodbv2.streamsadapter.adapter.DynamoDBStreamsClientRecord;
import com.amazonaws.services.dynamodbv2.streamsadapter.model.DynamoDBStreamsProcessRecordsInput;
import com.amazonaws.services.dynamodbv2.streamsadapter.polling.DynamoDBStreamsPollingConfig;
import com.amazonaws.services.dynamodbv2.streamsadapter.processor.DynamoDBStreamsShardRecordProcessor;
import java.net.URI;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.exceptions.KinesisClientLibNonRetryableException;
import software.amazon.kinesis.exceptions.KinesisClientLibRetryableException;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.metrics.NullMetricsFactory;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;

public final class StreamConsumer {
  static final class Processor implements DynamoDBStreamsShardRecordProcessor {
    private String shard;

    @Override
    public void initialize(InitializationInput input) {
      shard = input.shardId();
      tell("lease", shard);
    }

    @Override
    public void processRecords(DynamoDBStreamsProcessRecordsInput input) {
      for (DynamoDBStreamsClientRecord each : input.records()) {
        var record = each.getRecord();
        var change = record.dynamodb();
        var version = change.newImage().get("v");
        tell("record", shard, change.sequenceNumber(), record.eventNameAsString(), change.keys().get("p").s(),
            version == null ? "" : version.n());
      }
      checkpoint(input.checkpointer());
    }

    @Override
    public void leaseLost(LeaseLostInput input) {
      tell("lost", shard);
    }

    @Override
    public void shardEnded(ShardEndedInput input) {
      checkpoint(input.checkpointer());
      tell("end", shard);
    }

    @Override
    public void shutdownRequested(ShutdownRequestedInput input) {
      checkpoint(input.checkpointer());
    }

    private static void checkpoint(RecordProcessorCheckpointer checkpointer) {
      try {
        checkpointer.checkpoint();
      } catch (KinesisClientLibNonRetryableException | KinesisClientLibRetryableException failure) {
        throw new IllegalStateException(failure);
      }
    }

    private static void tell(String... parts) {
      synchronized (System.out) {
        System.out.println(String.join("\t", parts));
        System.out.flush();
      }
    }
  }

  public static void main(String[] arguments) throws Exception {
    var endpoint = URI.create(arguments[0]);
    var streamArn = arguments[1];
    var application = arguments[2];
    var region = Region.US_EAST_1;
    var credentials = StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));
    var dynamo = DynamoDbAsyncClient.builder().endpointOverride(endpoint).region(region)
        .credentialsProvider(credentials).build();
    var streams = DynamoDbStreamsClient.builder().endpointOverride(endpoint).region(region)
        .credentialsProvider(credentials).build();
    var cloudWatch = CloudWatchAsyncClient.builder().endpointOverride(endpoint).region(region)
        .credentialsProvider(credentials).build(); // Asked for by the builder; never called.
    var adapter = new AmazonDynamoDBStreamsAdapterClient(streams, region);
    var tracker = StreamsSchedulerFactory.createSingleStreamTracker(streamArn,
        InitialPositionInStreamExtended.newInitialPosition(InitialPositionInStream.TRIM_HORIZON));
    var configs = new ConfigsBuilder(tracker, application, adapter, dynamo, cloudWatch,
        "worker-" + UUID.randomUUID(), Processor::new);

    var coordinator = configs.coordinatorConfig();
    coordinator.parentShardPollIntervalMillis(200);
    coordinator.shardConsumerDispatchPollIntervalMillis(100);
    var leases = configs.leaseManagementConfig();
    leases.failoverTimeMillis(3000);
    leases.leaseAssignmentIntervalMillis(1000L);
    leases.shardSyncIntervalMillis(1000);
    leases.leasesRecoveryAuditorExecutionFrequencyMillis(2000);
    leases.workerUtilizationAwareAssignmentConfig().disableWorkerMetrics(true);
    var retrieval = configs.retrievalConfig();
    retrieval.retrievalSpecificConfig(
        new DynamoDBStreamsPollingConfig(streamArn, adapter).idleTimeBetweenReadsInMillis(200));
    var metrics = configs.metricsConfig();
    metrics.metricsFactory(new NullMetricsFactory());

    Scheduler scheduler = StreamsSchedulerFactory.createScheduler(configs.checkpointConfig(), coordinator, leases,
        configs.lifecycleConfig(), metrics, configs.processorConfig(), retrieval, adapter);
    var thread = new Thread(scheduler);
    thread.setDaemon(true);
    thread.start();
    while (System.in.read() >= 0) {
    }
    scheduler.startGracefulShutdown();
    thread.join(15_000);
    System.exit(0);
  }
}
