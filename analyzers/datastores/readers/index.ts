import type { SettingsReader } from '../types.js'
import { composeReader } from './compose.js'
import { configFileReader } from './config-file.js'
import { configSourceReader } from './config-source.js'
import { envFileReader } from './env-file.js'
import { kubernetesReader } from './kubernetes.js'
import { prismaReader } from './prisma.js'
import { wranglerReader } from './wrangler.js'

/** All kinds of settings files. A file that looks like two kinds is read as both. */
export const SETTINGS_READERS: readonly SettingsReader[] = [
  composeReader,
  envFileReader,
  prismaReader,
  configFileReader,
  configSourceReader,
  kubernetesReader,
  wranglerReader,
]
