import type { OptionValues } from '../../../../shared/options/index.ts';
import { nameAndValue } from '../../config/name-and-value.ts';

/** What the agent's owner says about jobs in pods. */
export interface PodSettings {
  /** Name of a ConfigMap; empty: none. */
  readonly podSpec: string;
  readonly defaultImage: string;
  /** Regular expressions; none: every image. */
  readonly allowedImages: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** In ms. */
  readonly startLimitMs: number;
}

/** As the options say; undefined where jobs do not run in pods. */
export function podSettingsOf(values: OptionValues): PodSettings | undefined {
  if (!values['kubernetes-executor']) return undefined;
  const labels = values['kubernetes-labels'].map(nameAndValue);
  return {
    podSpec: values['kubernetes-pod-spec'],
    defaultImage: values['kubernetes-default-image'],
    allowedImages: values['kubernetes-allowed-images'],
    labels: Object.fromEntries(labels.map(({ name, value }) => [name, value])),
    startLimitMs: values['kubernetes-pod-start-timeout'] * 1_000,
  };
}
