import { askedBy, SHELLS, type Shell } from '../completion/answer.ts';
import { offersFor } from '../completion/offers.ts';
import { SCRIPTS } from '../completion/scripts.ts';
import { wantedAt } from '../completion/wanted.ts';
import { EXIT } from '../exit-codes.ts';
import { isWordOfUmbrella } from '../options/help.ts';
import { usage } from '../options/usage.ts';
import { writeOut } from '../print/terminal.ts';
import type { Verb } from '../verb.ts';

/** Prints the script that teaches a shell to complete verbs, options, and what there is: jobs, definitions, types, states. */
export function completion(all: readonly Verb[]): Verb {
  return {
    table: {
      name: 'completion',
      summary: 'prints the script by which a shell completes verbs, options, jobs and definitions; how to install it is said at its top',
      examples: ['source <(nightshift completion bash)', 'source <(nightshift completion zsh)', 'nightshift completion fish | source'],
      usage: [SHELLS.join(' | ')],
      words: 1,
      completes: SHELLS,
      options: {},
    },
    async run(options) {
      const [word] = options.words;
      if (word === undefined) throw usage('MissingMandatoryParameter', 'say for which shell', `nightshift completion ${SHELLS.join(' | ')}`);
      const shell = SHELLS.find((name) => name === word.toLowerCase());
      if (shell === undefined) throw usage('ParameterArgumentValidationError', `there is no completion for "${word}"`, `it is there for ${SHELLS.join(', ')}`);
      writeOut(SCRIPTS[shell](bins(all)));
      return EXIT.done;
    },
  };
}

/** The umbrella, and the verbs with a bin of their own. */
function bins(all: readonly Verb[]): string[] {
  return ['nightshift', ...all.map(({ table }) => table.name).filter((name) => !isWordOfUmbrella(name))];
}

/** Answers a completion script: `completion-words SHELL =WORD…`. Whatever goes wrong, nothing is offered and nothing is said. */
export function completionWords(all: readonly Verb[]): Verb {
  return {
    table: { name: 'completion-words', summary: 'answers a completion script', examples: [], usage: ['SHELL =WORD…'], options: {} },
    async run({ words: [shell, ...told] }, { host }) {
      const { words, write } = askedBy(shell as Shell, told.map((word) => word.slice(1)));
      const tables = all.map(({ table }) => table);
      try {
        const offers = await offersFor(wantedAt(words, tables), tables, () => host({ warn: () => {} }));
        writeOut(typeof offers === 'string' ? `${offers}\n` : ['offers', ...offers.map(write)].map((line) => `${line}\n`).join(''));
      } catch {
        // A broken configuration or an unreadable store: the verb itself will say so, not a half-typed line.
        return EXIT.done;
      }
      return EXIT.done;
    },
  };
}
