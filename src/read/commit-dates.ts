import { execFile } from 'node:child_process';

/**
 * When each file of a folder was first committed under its name: file name → ISO 8601. Empty where the folder is in no
 * repository or there is no git. Every clone gives the same dates, which a file's own do not.
 */
export function firstCommits(folder: string): Promise<Map<string, string>> {
  return new Promise((resolve) => {
    const dates = new Map<string, string>();
    execFile(
      'git',
      [
        '-C',
        folder,
        'log',
        '--diff-filter=A',
        '--no-renames',
        '--relative',
        '--format=%x00%aI',
        '--name-only',
        '-z',
        '--',
        '.',
      ],
      { maxBuffer: 64 * 1024 * 1024, timeout: 20_000 },
      (error, stdout) => {
        if (error) return resolve(dates);
        let date = '';
        for (const part of stdout.split('\0').map((text) => text.trim())) {
          if (/^\d{4}-\d{2}-\d{2}T/.test(part)) date = part;
          // The log runs from the newest commit back: the last word on a file is its first commit. Those of folders in it
          // are others.
          else if (part !== '' && !part.includes('/')) dates.set(part, date);
        }
        resolve(dates);
      },
    );
  });
}
