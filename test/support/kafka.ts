/** Kafka's real protocol without a broker: librdkafka's mock cluster, which Debian's kcat brings along. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { ensureProgram } from './system-packages.js'

export interface KafkaCluster {
  /** `127.0.0.1:43623` */
  address: string
  stop(): void
}

export async function kafkaCluster(): Promise<KafkaCluster> {
  const kcat = await ensureProgram('kcat')
  const words = ['-C', '-b', 'mock', '-X', 'test.mock.num.brokers=1', '-d', 'mock', '-t', 'seed']
  const cluster = spawn(kcat, words, { stdio: ['ignore', 'ignore', 'pipe'] })
  const lines = createInterface({ input: cluster.stderr })
  const address = await new Promise<string>((resolve, reject) => {
    lines.on('line', line => {
      const [, found] = /bootstrap\.servers=(\S+)/.exec(line) ?? []
      if (found !== undefined) resolve(found)
    })
    cluster.on('exit', code => reject(new Error(`kcat ended with status ${code}`)))
  })
  return { address, stop: () => cluster.kill() }
}
