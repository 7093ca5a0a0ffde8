/** Milliseconds of processor time that this process has used. For tests it stands in for performance.now and Date.now: a busy machine makes none of them fail. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
