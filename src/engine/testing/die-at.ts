/**
 * Options of Node for a program of ours that is to die by SIGKILL in the midst of what it does:
 * right after it has written a line that begins so to stderr. A kill from outside may come too late.
 */
export function dyingAt(line: string): readonly string[] {
  return signalledAt('stderr', line, 'SIGKILL');
}

/** The same for another signal, and either stream: before the program does anything else. */
export function signalledAt(
  stream: 'stdout' | 'stderr',
  line: string,
  signal: NodeJS.Signals,
): readonly string[] {
  const code = `
    const write = process.${stream}.write.bind(process.${stream});
    process.${stream}.write = (text, ...more) => {
      const isTaken = write(text, ...more);
      if (String(text).startsWith(${JSON.stringify(line)})) process.kill(process.pid, '${signal}');
      return isTaken;
    };`;
  return ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
}
