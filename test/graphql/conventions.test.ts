/** The schema keeps the conventions that docs/api.md writes down. */
import { type GraphQLType, getNamedType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/graphql/schema.ts';

const fieldsOf = (type: ReturnType<typeof schema.getQueryType>) => Object.values(type?.getFields() ?? {});
const mutations = fieldsOf(schema.getMutationType());

/** Of the first contract and of the first release, which take plain arguments; the input of releaseTask is that of startTask. */
const PLAIN_ARGUMENTS = [
  'deleteSchedule',
  'deleteWebhook',
  'deregisterWorker',
  'heartbeat',
  'releaseTask',
  'revokeApiKey',
  'runScheduleNow',
  'testWebhook',
];

/** Who the viewer is, which is no object that an id would find. */
const SUBJECT = 'Viewer.id';

/** Every field of an object or an input: `Task.createdAt`. */
function everyField() {
  return Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__'))
    .filter((type) => isObjectType(type) || isInterfaceType(type) || isInputObjectType(type))
    .flatMap((type) =>
      Object.values<{ name: string; type: GraphQLType }>(type.getFields()).map(({ name, type: of }) => ({
        coordinate: `${type.name}.${name}`,
        name,
        of: getNamedType(of).name,
      })),
    );
}

describe('the conventions of the schema', () => {
  it('give a mutation one argument, input, or a list of them, inputs', () => {
    const others = mutations.filter(
      ({ args }) => args.length !== 1 || !['input', 'inputs'].includes(args[0]?.name ?? ''),
    );
    expect(others.map(({ name }) => name).sort()).toEqual(PLAIN_ARGUMENTS);
  });

  it('name what a deletion returns deletedId', () => {
    const deletions = mutations.filter(({ name }) => name.startsWith('delete'));
    const successes = deletions.map(
      ({ name }) => `${name[0]?.toUpperCase()}${name.slice(1)}Success.deletedId`,
    );
    const known = new Set(everyField().map(({ coordinate }) => coordinate));
    expect(successes.filter((coordinate) => !known.has(coordinate))).toEqual([]);
  });

  it('name subscriptions after their subject, with Events', () => {
    const others = fieldsOf(schema.getSubscriptionType()).filter(({ name }) => !name.endsWith('Events'));
    expect(others.map(({ name }) => name).sort()).toEqual(['eventStream', 'workerSignals']);
  });

  it('end times in At, or in After and Before where they bound', () => {
    const times = everyField().filter(({ of }) => of === 'DateTime');
    const named =
      /(?:At|After|Before|Since|Until|[rR]uns)$|^(?:at|after|since|until|from|to|now|tick|searchedTo)$/;
    const others = times.filter(({ name }) => !named.test(name));
    expect(others.map(({ coordinate }) => coordinate)).toEqual([]);
  });

  it('end durations in their unit', () => {
    const durations = everyField().filter(({ name }) => /(duration|timeout|backoff|interval)/i.test(name));
    const others = durations.filter(
      ({ name, of }) => ['Int', 'Float', 'Long'].includes(of) && !/(Ms|Seconds|Minutes)$/.test(name),
    );
    expect(others.map(({ coordinate }) => coordinate)).toEqual([]);
  });

  it('call ids ID, and give counts and sizes as whole numbers', () => {
    const fields = everyField();
    const ids = fields.filter(
      ({ coordinate, name, of }) => name === 'id' && of !== 'ID' && coordinate !== SUBJECT,
    );
    expect(ids.map(({ coordinate }) => coordinate)).toEqual([]);
    // A Float is a duration, a share or a rate. Whatever else is a number is a count or a size.
    const broken = fields.filter(({ of }) => of === 'Float');
    const measured = /(?:Seconds|Ms)$|^(?:percent|progress|p[59][059]|failureRate|throughput)$/;
    expect(broken.filter(({ name }) => !measured.test(name)).map(({ coordinate }) => coordinate)).toEqual([]);
  });
});
