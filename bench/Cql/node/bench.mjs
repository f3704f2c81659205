// The same statements as bench/Cql, through Node.js's cassandra-driver. Prints one line of JSON for each workload.
// usage: node bench.mjs HOST DATACENTER KEYSPACE IN_FLIGHT SECONDS
import cassandra from 'cassandra-driver';

const [host, datacenter, keyspace, inFlight, seconds] = process.argv.slice(2);
const client = new cassandra.Client({ contactPoints: [host], localDataCenter: datacenter, keyspace });
await client.connect();

const Long = cassandra.types.Long;
const text = 'x'.repeat(100);
const insert = 'INSERT INTO bench_node (channel_id, bucket, id, author_id, content) VALUES (?, ?, ?, ?, ?)';
const select = 'SELECT channel_id, bucket, id, author_id, content FROM bench_read WHERE channel_id = ? AND bucket = ? LIMIT 50';
let next = 0;
let seen = 0;

const workloads = {
  insert: () => {
    const id = next++;
    return client.execute(insert, [Long.fromNumber(id % 1000), 1, Long.fromNumber(id), Long.fromNumber(7), text], { prepare: true });
  },
  read: async () => {
    const result = await client.execute(select, [Long.fromNumber(next++ % 100), 1], { prepare: true });
    for (const row of result.rows) seen += row.content.length;
  },
};

async function run(operation, milliseconds, latencies) {
  const end = performance.now() + milliseconds;
  const one = async () => {
    while (performance.now() < end) {
      const started = performance.now();
      await operation();
      latencies?.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: Number(inFlight) }, one));
}

for (const [name, operation] of Object.entries(workloads)) {
  await run(operation, 3000);
  const latencies = [];
  const cpu = process.cpuUsage();
  const started = performance.now();
  await run(operation, Number(seconds) * 1000, latencies);
  const elapsed = (performance.now() - started) / 1000;
  const used = process.cpuUsage(cpu);
  latencies.sort((a, b) => a - b);
  const at = (part) => latencies[Math.floor((latencies.length - 1) * part)];
  console.log(JSON.stringify({
    workload: name,
    rate: latencies.length / elapsed,
    p50: at(0.5),
    p99: at(0.99),
    cpu: (used.user + used.system) / latencies.length,
  }));
}
if (seen === 0) throw new Error('nothing was read');
await client.shutdown();
