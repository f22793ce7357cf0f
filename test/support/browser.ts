import { type Browser, chromium } from 'playwright-core'
import { ensureProgram } from './system-packages.js'

/** Keeps Chromium from asking for anything outside, and lets it run as root and without a screen. */
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A browser with a profile of its own, which is removed when it is closed. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await ensureProgram('chromium'), args: ARGUMENTS })
}
