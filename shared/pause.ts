import { z } from 'zod';

/** How long a pause is wanted: until it is taken back by hand, for some minutes, until tomorrow at 08:00, or while on battery. */
export const pauseFormSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('until-resumed') }),
  z.object({
    kind: z.literal('for'),
    minutes: z
      .number()
      .int()
      .min(1)
      .max(7 * 24 * 60),
  }),
  z.object({ kind: z.literal('until-tomorrow') }),
  z.object({ kind: z.literal('while-on-battery') }),
]);
export type PauseForm = z.infer<typeof pauseFormSchema>;

/** The pauses that menus offer, in their order. */
export const PAUSE_CHOICES: readonly { readonly label: string; readonly form: PauseForm }[] = [
  { label: 'Until I resume', form: { kind: 'until-resumed' } },
  { label: '30 minutes', form: { kind: 'for', minutes: 30 } },
  { label: '1 hour', form: { kind: 'for', minutes: 60 } },
  { label: 'Until tomorrow', form: { kind: 'until-tomorrow' } },
  { label: 'While on battery', form: { kind: 'while-on-battery' } },
];

/**
 * A pause that holds, or is to hold when the current job has ended. `by`: its owner, or one of the power options. `until`: when
 * it ends by itself, in ms since the Unix epoch. `whileOnBattery`: it ends when the machine is on mains again.
 */
export const pauseSchema = z.object({
  by: z.enum(['you', 'battery', 'quiet-hours']),
  until: z.number().optional(),
  whileOnBattery: z.boolean().optional(),
});
export type Pause = z.infer<typeof pauseSchema>;
