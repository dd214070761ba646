/**
 * Options of Node for a program of ours that is to die by SIGKILL in the midst of what it does:
 * right after it has written a line that begins so to stderr. A kill from outside may come too late.
 */
export function dyingAt(line: string): readonly string[] {
  const code = `
    const write = process.stderr.write.bind(process.stderr);
    process.stderr.write = (text, ...more) => {
      const isTaken = write(text, ...more);
      if (String(text).startsWith(${JSON.stringify(line)})) process.kill(process.pid, 'SIGKILL');
      return isTaken;
    };`;
  return ['--import', `data:text/javascript,${encodeURIComponent(code)}`];
}
