/** Yoga with graphql-ws and createPubSub, as their documentation puts them together. */
import { useServer } from 'graphql-ws/use/ws';
import { createPubSub, createSchema, createYoga } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import { eventOf, ROOM } from '../operation.mjs';
import { listen } from './listen.mjs';

const pubSub = createPubSub();
const yoga = createYoga({
  logging: false,
  schema: createSchema({
    typeDefs: `
      type Query { ok: Boolean }
      type Task { id: ID! status: String! entityId: String }
      type Transition { version: Int! to: String! at: String! }
      type TaskTransitioned { task: Task! transition: Transition! }
      type TaskProgressed { percent: Float! }
      union TaskEvent = TaskTransitioned | TaskProgressed
      type Subscription { roomEvents(room: String!): TaskEvent! }
    `,
    resolvers: {
      Subscription: {
        roomEvents: { subscribe: (_root, { room }) => pubSub.subscribe(room), resolve: (event) => event },
      },
    },
  }),
});

const server = listen(yoga, (stamp) => pubSub.publish(ROOM, eventOf(stamp)));
useServer(
  {
    execute: (args) => args.rootValue.execute(args),
    subscribe: (args) => args.rootValue.subscribe(args),
    async onSubscribe(context, _id, params) {
      const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
        ...context,
        req: context.extra.request,
        socket: context.extra.socket,
        params,
      });
      const args = {
        schema,
        operationName: params.operationName,
        document: parse(params.query),
        variableValues: params.variables,
        contextValue: await contextFactory(),
        rootValue: { execute, subscribe },
      };
      const errors = validate(args.schema, args.document);
      return errors.length > 0 ? errors : args;
    },
  },
  new WebSocketServer({ server, path: '/graphql' }),
);
