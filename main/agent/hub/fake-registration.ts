import type { RegisterRequest } from './wire.ts';

/** What an agent of a test says of itself when it registers. */
export function fakeRegistration(over: Partial<RegisterRequest> = {}): RegisterRequest {
  return {
    name: 'test-agent',
    version: '1',
    pid: 1,
    os: '',
    arch: '',
    hostname: '',
    single_job: false,
    idle_timeout: 0,
    interruption_grace_period: 0,
    job_id: '',
    ...over,
  };
}
