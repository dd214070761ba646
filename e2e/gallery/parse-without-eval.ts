import { z } from 'zod';

// The page's policy forbids what would make the parser faster. A schema asks when it is made: this
// comes before all of them.
z.config({ jitless: true });
