/**
 * Takes the command line that node-webcam wrote for a shell apart into program and arguments, so
 * that no shell ever sees it. Returns null for anything that a shell would do more with than split.
 */
export function splitCommandLine(line: string): readonly [string, ...string[]] | null {
  const words: string[] = [];
  let rest = line.trimStart();
  while (rest !== '') {
    // A bare word, 'a quoted one' (device names on macOS) or "one" (the program on Windows).
    const match = /^(?:([\w@%+=:,./\\-]+)|'([^'\n\r\0]*)'|"([^"$`\n\r\0]*)")(?:[ \t]+|$)/.exec(
      rest,
    );
    const word = match?.[1] ?? match?.[2] ?? match?.[3];
    if (match === null || word === undefined) return null;
    words.push(word);
    rest = rest.slice(match[0].length);
  }
  const [program, ...parameters] = words;
  return program === undefined ? null : [program, ...parameters];
}
