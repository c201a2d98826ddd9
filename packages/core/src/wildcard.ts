export { hasWildcard, matchesWildcard } from '@nightshift/sdk';
