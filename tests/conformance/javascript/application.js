// An application's life with the JavaScript SDK v3, nothing changed but the endpoint:
//   node application.js http://127.0.0.1:8000
// Prints a line per step that held, and ends with exit code 1 at the first that did not.
const assert = require('node:assert/strict');
const dynamodb = require('@aws-sdk/client-dynamodb');
const lib = require('@aws-sdk/lib-dynamodb');

const client = new dynamodb.DynamoDBClient({
  endpoint: process.argv[2],
  region: 'eu-central-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 1,
});
const documents = lib.DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
const TableName = `Orders-${process.pid}`;

const steps = {
  async 'creates a table with indexes and waits for it'() {
    await client.send(new dynamodb.CreateTableCommand({
      TableName,
      AttributeDefinitions: [
        { AttributeName: 'customer', AttributeType: 'S' }, { AttributeName: 'order', AttributeType: 'N' },
        { AttributeName: 'state', AttributeType: 'S' }, { AttributeName: 'total', AttributeType: 'N' },
      ],
      KeySchema: [{ AttributeName: 'customer', KeyType: 'HASH' }, { AttributeName: 'order', KeyType: 'RANGE' }],
      GlobalSecondaryIndexes: [{
        IndexName: 'by-state', Projection: { ProjectionType: 'ALL' },
        KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }, { AttributeName: 'total', KeyType: 'RANGE' }],
      }],
      LocalSecondaryIndexes: [{
        IndexName: 'by-total', Projection: { ProjectionType: 'KEYS_ONLY' },
        KeySchema: [{ AttributeName: 'customer', KeyType: 'HASH' }, { AttributeName: 'total', KeyType: 'RANGE' }],
      }],
      BillingMode: 'PAY_PER_REQUEST',
    }));
    await dynamodb.waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1 }, { TableName });
    const { Table } = await client.send(new dynamodb.DescribeTableCommand({ TableName }));
    assert.equal(Table.TableStatus, 'ACTIVE');
    assert.ok(Table.CreationDateTime instanceof Date && Math.abs(Table.CreationDateTime - Date.now()) < 60_000);
    const names = [];
    for await (const page of dynamodb.paginateListTables({ client, pageSize: 1 }, {})) names.push(...page.TableNames);
    assert.ok(names.includes(TableName));
  },

  async 'writes and reads documents of every type'() {
    const Item = {
      customer: 'Zoë', order: 1, total: 12.5, state: 'open', paid: false, note: null, empty: '',
      lines: [{ article: 'mug', count: 2 }, { article: 'tee', count: 1 }], tags: new Set(['new', 'vip']),
      sizes: new Set([1, 2.5]), blob: new Uint8Array([0, 1, 254, 255]), nested: { a: { b: { c: [1, 'two', [3]] } } },
    };
    await documents.send(new lib.PutCommand({ TableName, Item }));
    const got = await documents.send(new lib.GetCommand({ TableName, Key: { customer: 'Zoë', order: 1 } }));
    assert.deepEqual(got.Item, Item);
    const none = await documents.send(new lib.GetCommand({ TableName, Key: { customer: 'nobody', order: 1 } }));
    assert.equal(none.Item, undefined);
  },

  async 'keeps numbers that JavaScript cannot'() {
    const order = { N: '12345678901234567890.1234567890123456' };
    await client.send(new dynamodb.PutItemCommand({ TableName, Item: { customer: { S: 'big' }, order } }));
    const got = await client.send(new dynamodb.GetItemCommand({ TableName, Key: { customer: { S: 'big' }, order } }));
    assert.deepEqual(got.Item.order, order);
  },

  async 'updates with conditions, and sees why one failed'() {
    const update = (expected) => documents.send(new lib.UpdateCommand({
      TableName, Key: { customer: 'Zoë', order: 1 },
      UpdateExpression: 'SET #s = :next, #t = #t + :fee ADD changes :one REMOVE note',
      ConditionExpression: '#s = :expected',
      ExpressionAttributeNames: { '#s': 'state', '#t': 'total' },
      ExpressionAttributeValues: { ':next': 'paid', ':fee': 0.1, ':one': 1, ':expected': expected },
      ReturnValues: 'ALL_NEW', ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }));
    const { Attributes } = await update('open');
    assert.equal(Attributes.total, 12.6);
    assert.equal(Attributes.changes, 1);
    assert.ok(!('note' in Attributes));
    await assert.rejects(update('open'), (error) => {
      assert.ok(error instanceof dynamodb.ConditionalCheckFailedException);
      assert.equal(error.message, 'The conditional request failed');
      assert.deepEqual(error.Item.state, { S: 'paid' });
      assert.equal(error.$metadata.httpStatusCode, 400);
      assert.ok(error.$metadata.requestId);
      return true;
    });
  },

  async 'writes batches and reads them back'() {
    for (let start = 100; start < 400; start += 25) {
      const requests = Array.from({ length: 25 }, (_, n) => ({
        PutRequest: { Item: { customer: 'bulk', order: start + n, state: n % 2 ? 'open' : 'paid', total: n, pad: 'x'.repeat(5000) } },
      }));
      const { UnprocessedItems } = await documents.send(new lib.BatchWriteCommand({ RequestItems: { [TableName]: requests } }));
      assert.deepEqual(UnprocessedItems, {});
    }
    const Keys = Array.from({ length: 100 }, (_, n) => ({ customer: 'bulk', order: 100 + n }));
    const got = await documents.send(new lib.BatchGetCommand({ RequestItems: { [TableName]: { Keys } } }));
    assert.equal(got.Responses[TableName].length, 100);
    assert.deepEqual(got.UnprocessedKeys, {});
  },

  async 'queries the table over pages of 1 MB'() {
    const orders = [];
    let pages = 0;
    for await (const page of lib.paginateQuery({ client: documents }, {
      TableName, KeyConditionExpression: 'customer = :c AND #o BETWEEN :low AND :high',
      ExpressionAttributeNames: { '#o': 'order' }, ExpressionAttributeValues: { ':c': 'bulk', ':low': 110, ':high': 389 },
    })) {
      pages += 1;
      orders.push(...page.Items.map((item) => item.order));
    }
    assert.deepEqual(orders, Array.from({ length: 280 }, (_, n) => 110 + n));
    assert.equal(pages, 2);
  },

  async 'queries its indexes'() {
    const open = await documents.send(new lib.QueryCommand({
      TableName, IndexName: 'by-state', KeyConditionExpression: '#s = :s AND #t > :t', ScanIndexForward: false, Limit: 3,
      ExpressionAttributeNames: { '#s': 'state', '#t': 'total' }, ExpressionAttributeValues: { ':s': 'open', ':t': 20 },
    }));
    assert.deepEqual(open.Items.map((item) => item.total), [23, 23, 23]);
    const cheap = await documents.send(new lib.QueryCommand({
      TableName, IndexName: 'by-total', ConsistentRead: true, KeyConditionExpression: 'customer = :c AND #t < :t',
      ExpressionAttributeNames: { '#t': 'total' }, ExpressionAttributeValues: { ':c': 'bulk', ':t': 1 },
    }));
    assert.equal(cheap.Count, 12);
    assert.deepEqual(Object.keys(cheap.Items[0]).sort(), ['customer', 'order', 'total']);
  },

  async 'scans in segments with a filter'() {
    const seen = [];
    await Promise.all([0, 1, 2, 3].map(async (Segment) => {
      for await (const page of lib.paginateScan({ client: documents }, {
        TableName, TotalSegments: 4, Segment, FilterExpression: '#s = :s', ProjectionExpression: '#o',
        ExpressionAttributeNames: { '#s': 'state', '#o': 'order' }, ExpressionAttributeValues: { ':s': 'paid' },
      })) seen.push(...page.Items.map((item) => item.order));
    }));
    assert.equal(seen.length, 157); // 13 of each batch of 25, and Zoë's
  },

  async 'is told errors by their type'() {
    await assert.rejects(documents.send(new lib.GetCommand({ TableName: 'no-such-table', Key: { a: 1 } })),
      (error) => error instanceof dynamodb.ResourceNotFoundException);
    await assert.rejects(documents.send(new lib.GetCommand({ TableName, Key: { a: 1 } })),
      (error) => error.name === 'ValidationException' && error.message === 'The provided key element does not match the schema');
    await assert.rejects(client.send(new dynamodb.ListBackupsCommand({})), (error) => error.name === 'UnknownOperationException');
  },

  async 'deletes items and the table'() {
    const gone = await documents.send(new lib.DeleteCommand({ TableName, Key: { customer: 'Zoë', order: 1 }, ReturnValues: 'ALL_OLD' }));
    assert.equal(gone.Attributes.state, 'paid');
    await client.send(new dynamodb.DeleteTableCommand({ TableName }));
    await dynamodb.waitUntilTableNotExists({ client, maxWaitTime: 60, minDelay: 1 }, { TableName });
  },
};

(async () => {
  for (const [name, step] of Object.entries(steps)) {
    await step();
    console.log(`ok: ${name}`);
  }
  console.log(`${Object.keys(steps).length} steps held`);
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
