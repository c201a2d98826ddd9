import { describe, expect, test } from 'vitest';
import { parseExec, splitWords } from '../../../../src/umbrella/import/systemd/exec-line.ts';
import { quoteWord } from '../../../../src/umbrella/import/shell-text.ts';

describe('words', () => {
  test.each([
    ['a  b\tc', ['a', 'b', 'c']],
    [`"a b" 'c d'`, ['a b', 'c d']],
    [`--exclude="*.tmp"`, ['--exclude=*.tmp']],
    [`'it"s' "it's"`, ['it"s', "it's"]],
    [String.raw`a\x20b \101 \u00fc \t`, ['a b', 'A', 'ü', '\t']],
    [String.raw`a\;b \d`, [String.raw`a\;b`, String.raw`\d`]],
    [`""`, ['']],
    ['"not closed', ['not closed']],
  ])('of %s are %j', (line, words) => {
    expect(splitWords(line).map(({ text }) => text)).toEqual(words);
  });
});

/** Commands as a shell would be given them. */
const shown = (line: string): string[] => parseExec(line).map(({ words }) => words.map(quoteWord).join(' '));

describe('a command line', () => {
  test.each([
    ['/bin/a b', ['/bin/a b']],
    ['/bin/a ; /bin/b', ['/bin/a', '/bin/b']],
    [String.raw`/bin/a \; b`, ["/bin/a ';' b"]],
    [`/bin/a ";" b`, ["/bin/a ';' b"]],
    ['/bin/a $OPTS ${ONE} x${TWO}y $$5 $9', ['/bin/a $OPTS "${ONE}" x"${TWO}"y \'$5\' \'$9\'']],
    ['/bin/a a$B', ["/bin/a 'a$B'"]],
    [':/bin/a ${X} $Y', ["/bin/a '${X}' '$Y'"]],
    ['/bin/a 100%%', ['/bin/a 100%']],
  ])('%s runs %j', (line, commands) => {
    expect(shown(line)).toEqual(commands);
  });

  test('says which prefixes and specifiers stood in it', () => {
    expect(parseExec('-@+/bin/a name %h/x %% %i')).toMatchObject([{ mayFail: true, prefixes: '@+', specifiers: ['%h', '%i'] }]);
    expect(parseExec('/bin/a')).toMatchObject([{ mayFail: false, prefixes: '', specifiers: [] }]);
  });
});
