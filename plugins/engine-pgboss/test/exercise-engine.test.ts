import { exerciseEngine } from '@nightshift/testing';
import { describe, test } from 'vitest';
import { enginesOfThisFile, type Opened } from './engines.ts';

const file = enginesOfThisFile();

describe('the engine on PostgreSQL', () => {
  exerciseEngine<Opened>({ describe, test, skip: (title: string) => test.skip(title) }, {
    has: ['queue', 'output'],
    features: { durable: true, shared: true },
    open: () => file.openAgain(),
    another: () => file.joinAgain(),
    reopen: () => file.join(),
    jam: () => file.jam(),
  });
});
