/**
 * The hosts of the company `acme`: who takes calls, in which zone, at which weekly hours. Zones are chosen to disagree: two
 * with different dates of daylight saving, one a day ahead, one half an hour off. Availability is computed from here.
 */
import { accountSecrets, hostEmails, hostIds } from './canaries.ts';

export interface Host {
  id: number;
  firstName: string;
  lastName: string;
  email: string;
  previewId: string;
  timeZone: string;
  /** Weekdays with calls; 0 is Sunday. */
  weekdays: readonly number[];
  /** Minutes since the host's midnight. */
  opensAtMinute: number;
  closesAtMinute: number;
}

/** The zone in which the account is set up; used where `zoneIgnored` is on or no zone was asked. */
export const accountTimeZone = 'America/New_York';

const workweek = [1, 2, 3, 4, 5] as const;

export const hosts: readonly Host[] = [
  host(hostIds.zed, 'Zed', 'Harper', hostEmails.zed, 'America/New_York', workweek, 9, 17),
  host(hostIds.mia, 'Mia', 'Lindqvist', hostEmails.mia, 'Europe/Stockholm', workweek, 10, 18),
  host(hostIds.kenji, 'Kenji', 'Sato', hostEmails.kenji, 'Asia/Tokyo', [2, 3, 4, 5, 6], 9, 16),
  host(hostIds.priya, 'Priya', 'Nair', hostEmails.priya, 'Asia/Kolkata', [1, 2, 3, 4], 12, 20),
  host(hostIds.nora, 'Nora', 'Absent', hostEmails.nora, 'America/Los_Angeles', [], 9, 17),
];

const byId = new Map(hosts.map((one) => [one.id, one]));

/** The host with that id, if the account has one. */
export function hostById(id: number): Host | undefined {
  return byId.get(id);
}

/** A host as `events/detail` and `GET /v1/users` show one, with everything that must not be passed on. */
export function hostRecord(one: Host) {
  const names = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
  const hour = (minute: number) => `${String(minute / 60).padStart(2, '0')}:00`;
  const timings = [{ startTime: hour(one.opensAtMinute), endTime: hour(one.closesAtMinute) }];
  return {
    id: one.id,
    firstName: one.firstName,
    lastName: one.lastName,
    email: one.email,
    profilePictureKey: accountSecrets.profilePictureKey,
    previewId: one.previewId,
    signedUrl: accountSecrets.signedUrl,
    calendarConnected: true,
    zoomConnected: false,
    availabilitySet: one.weekdays.length > 0,
    activeAvailability: {
      name: 'Working hours',
      timeZone: one.timeZone,
      availabilityDays: names.map((name, weekday) => {
        const active = one.weekdays.includes(weekday);
        return { name, active, timings: active ? timings : [] };
      }),
    },
  };
}

function host(
  id: number,
  firstName: string,
  lastName: string,
  email: string,
  timeZone: string,
  weekdays: readonly number[],
  opensAtHour: number,
  closesAtHour: number,
): Host {
  return {
    id,
    firstName,
    lastName,
    email,
    previewId: `${accountSecrets.hostPreviewId}${firstName}`,
    timeZone,
    weekdays,
    opensAtMinute: opensAtHour * 60,
    closesAtMinute: closesAtHour * 60,
  };
}
