import { describe, expect, it } from 'vitest';
import { readTemplate } from './pod-template.ts';

describe('the pod specification of a ConfigMap', () => {
  it('is read as kubectl and the reference agent read YAML', () => {
    const pod = 'volumes: [{name: v, secret: {secretName: s, defaultMode: 0400}}]\nhostNetwork: yes\n';
    expect(readTemplate({ pod, mainContainer: 'image: registry:5000\nworkingDir: 12:30\n' })).toEqual({
      pod: { volumes: [{ name: 'v', secret: { secretName: 's', defaultMode: 0o400 } }], hostNetwork: true },
      mainContainer: { image: 'registry:5000', workingDir: '12:30' },
      sidecarContainers: {},
    });
  });

  it('has texts where the API wants texts and people write numbers', () => {
    const container =
      'env: [{name: A, value: 5}, {name: B, value: true}, {name: C, valueFrom: {fieldRef: {fieldPath: x}}}]\nargs: [sleep, 60]\nports: [{containerPort: 80}]\n';
    const texts = {
      env: [
        { name: 'A', value: '5' },
        { name: 'B', value: 'true' },
        { name: 'C', valueFrom: { fieldRef: { fieldPath: 'x' } } },
      ],
      args: ['sleep', '60'],
      ports: [{ containerPort: 80 }],
    };
    const pod =
      'nodeSelector: {gpu: true, size: 2}\ntolerations: [{key: k, value: 1, tolerationSeconds: 5}]\ninitContainers: [{name: i, command: [sleep, 1]}]\n';
    expect(readTemplate({ pod, mainContainer: container, sidecarContainers: container })).toEqual({
      pod: {
        nodeSelector: { gpu: 'true', size: '2' },
        tolerations: [{ key: 'k', value: '1', tolerationSeconds: 5 }],
        initContainers: [{ name: 'i', command: ['sleep', '1'] }],
      },
      mainContainer: texts,
      sidecarContainers: texts,
    });
  });

  it('may be of any shape where the API is to judge, and empty', () => {
    expect(readTemplate({ pod: 'nodeSelector: [1]\ntolerations: 5\ninitContainers: [x]\n' })).toMatchObject({
      pod: { nodeSelector: [1], tolerations: 5, initContainers: ['x'] },
    });
    const empty = { pod: {}, mainContainer: {}, sidecarContainers: {} };
    expect(readTemplate({ pod: '', mainContainer: '# nothing\n', 'other-key': '[' })).toEqual(empty);
  });

  it.each([
    [{ pod: '- a' }, "the key 'pod' is not an object"],
    [{ sidecarContainers: '- name: a' }, "the key 'sidecarContainers' is not an object"],
    [{ mainContainer: 'a: b: c' }, /^the key 'mainContainer' is not YAML at line 1, column 4: \S/],
  ])('is refused by its key where it is none: %j', (texts, problem) => {
    expect(readTemplate(texts)).toEqual(expect.stringMatching(problem));
  });
});
