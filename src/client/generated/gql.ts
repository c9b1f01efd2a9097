/* eslint-disable */
import * as types from './graphql.ts';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  fragment TaskSummary on Task {\n    id\n    room\n    status\n    version\n    job {\n      id\n      fullName\n    }\n    error {\n      message\n      code\n      retryable\n      context\n      classifiedBy\n    }\n    progress\n    progressMessage\n    priority\n    attempt\n    failures\n    maxAttempts\n    runAt\n    createdBy\n    correlationId\n    entityType\n    entityId\n    labels\n    createdAt\n    startedAt\n    finishedAt\n  }\n": typeof types.TaskSummaryFragmentDoc,
    "\n  fragment AssetDetails on Asset {\n    id\n    attempt\n    type\n    url\n    storagePath\n    size\n    metadata\n    createdBy\n    createdAt\n  }\n": typeof types.AssetDetailsFragmentDoc,
    "\n  fragment JobDetails on Job {\n    id\n    fullName\n    room\n    category\n    name\n    description\n    payloadSchema\n    resultSchema\n    retryPolicy {\n      maxAttempts\n      backoffSeconds\n    }\n    timeoutSeconds\n    workerCount\n    createdAt\n  }\n": typeof types.JobDetailsFragmentDoc,
    "\n  fragment ProblemDetails on Problem {\n    __typename\n    type\n    title\n    status\n    detail\n    ... on InvalidCategory {\n      allowed\n    }\n    ... on InvalidInput {\n      issues {\n        path\n        message\n      }\n    }\n    ... on SchemaConflict {\n      existing {\n        ...JobDetails\n      }\n    }\n    ... on InvalidTransition {\n      from\n      allowedStatuses: allowed\n    }\n    ... on StaleAttempt {\n      currentAttempt\n    }\n  }\n": typeof types.ProblemDetailsFragmentDoc,
    "\n  fragment Submission on SubmitTaskSuccess {\n    task {\n      id\n      room\n      status\n      version\n      priority\n      runAt\n      createdAt\n    }\n    duplicate\n    payloadDiffers\n    cursor\n  }\n": typeof types.SubmissionFragmentDoc,
    "\n  fragment RefusedSubmission on Problem {\n    type\n    title\n    status\n    detail\n    ... on InvalidInput {\n      issues {\n        path\n        message\n      }\n    }\n  }\n": typeof types.RefusedSubmissionFragmentDoc,
    "\n  mutation SubmitTask($input: SubmitTaskInput!) {\n    submitTask(input: $input) {\n      __typename\n      ...Submission\n      ...RefusedSubmission\n    }\n  }\n": typeof types.SubmitTaskDocument,
    "\n  mutation SubmitTaskForPage($input: SubmitTaskInput!, $cancel: Boolean!, $seconds: Int!) {\n    submitTask(input: $input) {\n      __typename\n      ...Submission\n      ... on SubmitTaskSuccess {\n        taskToken(cancel: $cancel, seconds: $seconds) {\n          ...TaskTokenDetails\n        }\n      }\n      ...RefusedSubmission\n    }\n  }\n": typeof types.SubmitTaskForPageDocument,
    "\n  fragment TaskTokenDetails on TaskToken {\n    token\n    expiresAt\n    canCancel\n  }\n": typeof types.TaskTokenDetailsFragmentDoc,
    "\n  mutation CreateTaskToken($input: CreateTaskTokenInput!) {\n    createTaskToken(input: $input) {\n      __typename\n      ... on CreateTaskTokenSuccess {\n        taskToken {\n          ...TaskTokenDetails\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n": typeof types.CreateTaskTokenDocument,
    "\n  mutation SubmitTasks($inputs: [SubmitTaskInput!]!) {\n    submitTasks(inputs: $inputs) {\n      __typename\n      ... on SubmitTasksSuccess {\n        results {\n          __typename\n          ...Submission\n          ...RefusedSubmission\n        }\n      }\n      ...RefusedSubmission\n    }\n  }\n": typeof types.SubmitTasksDocument,
    "\n  mutation CancelTask($input: CancelTaskInput!) {\n    cancelTask(input: $input) {\n      __typename\n      ... on TaskSuccess {\n        task {\n          ...TaskSummary\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n": typeof types.CancelTaskDocument,
    "\n  mutation RetryTask($input: RetryTaskInput!) {\n    retryTask(input: $input) {\n      __typename\n      ... on TaskSuccess {\n        task {\n          ...TaskSummary\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n": typeof types.RetryTaskDocument,
    "\n  query OneTask($id: ID!) {\n    task(id: $id) {\n      ...TaskSummary\n      payload\n      result\n      worker {\n        id\n        name\n      }\n      assets(first: 100) {\n        nodes {\n          ...AssetDetails\n        }\n      }\n    }\n  }\n": typeof types.OneTaskDocument,
    "\n  fragment EstimateDetails on TaskEstimate {\n    at\n    start {\n      p50\n      p90\n      p50At\n      p90At\n    }\n    end {\n      p50\n      p90\n      p50At\n      p90At\n    }\n    unknown\n    detail\n    ahead\n    slots\n    historySeconds\n  }\n": typeof types.EstimateDetailsFragmentDoc,
    "\n  query EstimateOfTask($id: ID!) {\n    task(id: $id) {\n      estimate {\n        ...EstimateDetails\n      }\n    }\n  }\n": typeof types.EstimateOfTaskDocument,
    "\n  subscription TaskEstimates($id: ID!, $after: Cursor) {\n    taskEvents(taskId: $id, after: $after, follow: true) {\n      ... on TaskSnapshot {\n        cursor\n        task {\n          estimate {\n            ...EstimateDetails\n          }\n        }\n      }\n      ... on TaskTransitioned {\n        cursor\n        task {\n          estimate {\n            ...EstimateDetails\n          }\n        }\n      }\n      ... on TaskEstimated {\n        cursor\n        estimate {\n          ...EstimateDetails\n        }\n      }\n    }\n  }\n": typeof types.TaskEstimatesDocument,
    "\n  query TaskOutcome($id: ID!) {\n    task(id: $id) {\n      status\n      result\n    }\n  }\n": typeof types.TaskOutcomeDocument,
    "\n  query TaskEnd($id: ID!) {\n    task(id: $id) {\n      transitions(first: 100) {\n        nodes {\n          to\n          note\n        }\n      }\n    }\n  }\n": typeof types.TaskEndDocument,
    "\n  query ListTasks($room: String, $filter: TaskFilter, $first: Int, $after: String, $last: Int, $before: String) {\n    tasks(room: $room, filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      nodes {\n        ...TaskSummary\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n      streamCursor\n    }\n  }\n": typeof types.ListTasksDocument,
    "\n  query RoomPosition($room: String!) {\n    tasks(room: $room, first: 1) {\n      streamCursor\n    }\n  }\n": typeof types.RoomPositionDocument,
    "\n  query ListJobs($room: String!, $category: String, $first: Int, $after: String, $last: Int, $before: String) {\n    jobs(room: $room, category: $category, first: $first, after: $after, last: $last, before: $before) {\n      nodes {\n        ...JobDetails\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": typeof types.ListJobsDocument,
    "\n  fragment TransitionDetails on TaskTransition {\n    version\n    from\n    to\n    reason\n    attempt\n    actor\n    error {\n      message\n      code\n      retryable\n      context\n      classifiedBy\n    }\n    note\n    at\n  }\n": typeof types.TransitionDetailsFragmentDoc,
    "\n  fragment TaskEventDetails on TaskEvent {\n    __typename\n    ... on TaskSnapshot {\n      cursor\n      task {\n        ...TaskSummary\n      }\n    }\n    ... on TaskTransitioned {\n      cursor\n      task {\n        ...TaskSummary\n      }\n      transition {\n        ...TransitionDetails\n      }\n    }\n    ... on TaskProgressed {\n      cursor\n      task {\n        ...TaskSummary\n      }\n      percent\n      message\n      at\n    }\n    ... on ResyncRequired {\n      reason\n    }\n  }\n": typeof types.TaskEventDetailsFragmentDoc,
    "\n  subscription TaskEvents($taskId: ID!, $after: Cursor, $follow: Boolean!) {\n    taskEvents(taskId: $taskId, after: $after, follow: $follow) {\n      ...TaskEventDetails\n    }\n  }\n": typeof types.TaskEventsDocument,
    "\n  subscription RoomEvents($room: String!, $filter: TaskFilter, $after: Cursor) {\n    roomEvents(room: $room, filter: $filter, after: $after) {\n      ...TaskEventDetails\n    }\n  }\n": typeof types.RoomEventsDocument,
    "\n  subscription TaskCounts($room: String, $filter: TaskFilter) {\n    taskCountEvents(room: $room, filter: $filter) {\n      byStatus {\n        status\n        count\n      }\n      total\n      atLeast\n    }\n  }\n": typeof types.TaskCountsDocument,
    "\n  mutation RegisterWorker($input: RegisterWorkerInput!) {\n    registerWorker(input: $input) {\n      __typename\n      ... on RegisterWorkerSuccess {\n        worker {\n          id\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n": typeof types.RegisterWorkerDocument,
    "\n  mutation RegisterJob($input: RegisterJobInput!) {\n    registerJob(input: $input) {\n      __typename\n      ... on RegisterJobSuccess {\n        job {\n          fullName\n        }\n        created\n        schemaVersion\n      }\n      ... on SchemaConflict {\n        narrowings {\n          schema\n          path\n          reason\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n": typeof types.RegisterJobDocument,
    "\n  mutation DeregisterWorker($workerId: ID!) {\n    deregisterWorker(workerId: $workerId) {\n      __typename\n      ... on DeregisterWorkerSuccess {\n        released\n      }\n      ...ProblemDetails\n    }\n  }\n": typeof types.DeregisterWorkerDocument,
    "\n  mutation Heartbeat($workerId: ID!, $holding: [HeldAttemptInput!]!) {\n    heartbeat(workerId: $workerId, holding: $holding) {\n      __typename\n      ... on HeartbeatSuccess {\n        stop\n        worker {\n          drainingSince\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n": typeof types.HeartbeatDocument,
    "\n  fragment ClaimedTask on Task {\n    id\n    attempt\n    room\n    job {\n      fullName\n    }\n    schemaVersion\n    payload\n    priority\n    failures\n    maxAttempts\n    runAt\n    createdBy\n    correlationId\n    entityType\n    entityId\n    labels\n    traceparent\n    createdAt\n    dependencyCount\n    dependencies(first: 25) {\n      task {\n        id\n        status\n        result\n      }\n    }\n  }\n": typeof types.ClaimedTaskFragmentDoc,
    "\n  query MoreDependencies($id: ID!, $after: ID) {\n    task(id: $id) {\n      dependencies(first: 1000, after: $after) {\n        task {\n          id\n          status\n          result\n        }\n      }\n    }\n  }\n": typeof types.MoreDependenciesDocument,
    "\n  mutation ClaimTasks($input: ClaimTasksInput!) {\n    claimTasks(input: $input) {\n      __typename\n      ... on ClaimTasksSuccess {\n        tasks {\n          ...ClaimedTask\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n": typeof types.ClaimTasksDocument,
    "\n  mutation ReportProgress($input: ReportProgressInput!) {\n    reportProgress(input: $input) {\n      __typename\n      ...ProblemDetails\n    }\n  }\n": typeof types.ReportProgressDocument,
    "\n  mutation AttachAsset($input: AttachAssetInput!) {\n    attachAsset(input: $input) {\n      __typename\n      ... on AttachAssetSuccess {\n        asset {\n          id\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n": typeof types.AttachAssetDocument,
    "\n  mutation CompleteTask($input: CompleteTaskInput!) {\n    completeTask(input: $input) {\n      __typename\n      ...ProblemDetails\n    }\n  }\n": typeof types.CompleteTaskDocument,
    "\n  mutation CompleteTasks($inputs: [CompleteTaskInput!]!) {\n    completeTasks(inputs: $inputs) {\n      __typename\n      ...ProblemDetails\n    }\n  }\n": typeof types.CompleteTasksDocument,
    "\n  mutation FailTask($input: FailTaskInput!) {\n    failTask(input: $input) {\n      __typename\n      ... on TaskSuccess {\n        task {\n          error {\n            retryable\n            classifiedBy\n          }\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n": typeof types.FailTaskDocument,
    "\n  subscription WorkerSignals($workerId: ID!) {\n    workerSignals(workerId: $workerId) {\n      __typename\n      ... on TasksAvailable {\n        job\n      }\n      ... on StopTask {\n        taskId\n        attempt\n        reason\n      }\n    }\n  }\n": typeof types.WorkerSignalsDocument,
    "\n  mutation ReleaseTask($input: AttemptInput!, $delaySeconds: Float) {\n    releaseTask(input: $input, delaySeconds: $delaySeconds) {\n      __typename\n    }\n  }\n": typeof types.ReleaseTaskDocument,
    "\n  fragment DeclaredSchedule on Schedule {\n    id\n    version\n    name\n    cron\n    timeZone\n    overlap\n    catchUpSeconds\n    task {\n      job {\n        fullName\n      }\n      room\n      payload\n      priority\n      labels\n      limitKey\n    }\n  }\n": typeof types.DeclaredScheduleFragmentDoc,
    "\n  query ListSchedules($after: String) {\n    schedules(first: 100, after: $after) {\n      nodes {\n        ...DeclaredSchedule\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.ListSchedulesDocument,
    "\n  mutation DeclareSchedule($input: CreateScheduleInput!) {\n    createSchedule(input: $input) {\n      __typename\n      ...ProblemDetails\n    }\n  }\n": typeof types.DeclareScheduleDocument,
    "\n  mutation ChangeDeclaredSchedule($input: UpdateScheduleInput!) {\n    updateSchedule(input: $input) {\n      __typename\n      ...ProblemDetails\n    }\n  }\n": typeof types.ChangeDeclaredScheduleDocument,
    "\n  mutation RemoveDeclaredSchedule($scheduleId: ID!) {\n    deleteSchedule(scheduleId: $scheduleId) {\n      __typename\n      ...ProblemDetails\n    }\n  }\n": typeof types.RemoveDeclaredScheduleDocument,
    "\n  mutation DefineTestJob($input: RegisterJobInput!) {\n    registerJob(input: $input) {\n      __typename\n      ... on RegisterJobSuccess {\n        job {\n          fullName\n        }\n      }\n    }\n  }\n": typeof types.DefineTestJobDocument,
    "\n  query TestViewer {\n    viewer {\n      id\n      role\n    }\n  }\n": typeof types.TestViewerDocument,
    "\n  query TestNode($id: ID!) {\n    node(id: $id) {\n      __typename\n      id\n    }\n  }\n": typeof types.TestNodeDocument,
    "\n        mutation DefineCrowdJob {\n          registerJob(input: { category: \"general\", name: \"crowd\" }) {\n            __typename\n          }\n        }\n      ": typeof types.DefineCrowdJobDocument,
    "\n  subscription RoomVersions($room: String!, $after: Cursor) {\n    roomEvents(room: $room, after: $after) {\n      __typename\n      ... on TaskTransitioned {\n        cursor\n        task {\n          id\n          version\n        }\n      }\n    }\n  }\n": typeof types.RoomVersionsDocument,
    "\n  query StoppedAt($id: ID!) {\n    task(id: $id) {\n      stoppedAt\n    }\n  }\n": typeof types.StoppedAtDocument,
    "\n  mutation TestDeregister($id: ID!) {\n    deregisterWorker(workerId: $id) {\n      __typename\n    }\n  }\n": typeof types.TestDeregisterDocument,
};
const documents: Documents = {
    "\n  fragment TaskSummary on Task {\n    id\n    room\n    status\n    version\n    job {\n      id\n      fullName\n    }\n    error {\n      message\n      code\n      retryable\n      context\n      classifiedBy\n    }\n    progress\n    progressMessage\n    priority\n    attempt\n    failures\n    maxAttempts\n    runAt\n    createdBy\n    correlationId\n    entityType\n    entityId\n    labels\n    createdAt\n    startedAt\n    finishedAt\n  }\n": types.TaskSummaryFragmentDoc,
    "\n  fragment AssetDetails on Asset {\n    id\n    attempt\n    type\n    url\n    storagePath\n    size\n    metadata\n    createdBy\n    createdAt\n  }\n": types.AssetDetailsFragmentDoc,
    "\n  fragment JobDetails on Job {\n    id\n    fullName\n    room\n    category\n    name\n    description\n    payloadSchema\n    resultSchema\n    retryPolicy {\n      maxAttempts\n      backoffSeconds\n    }\n    timeoutSeconds\n    workerCount\n    createdAt\n  }\n": types.JobDetailsFragmentDoc,
    "\n  fragment ProblemDetails on Problem {\n    __typename\n    type\n    title\n    status\n    detail\n    ... on InvalidCategory {\n      allowed\n    }\n    ... on InvalidInput {\n      issues {\n        path\n        message\n      }\n    }\n    ... on SchemaConflict {\n      existing {\n        ...JobDetails\n      }\n    }\n    ... on InvalidTransition {\n      from\n      allowedStatuses: allowed\n    }\n    ... on StaleAttempt {\n      currentAttempt\n    }\n  }\n": types.ProblemDetailsFragmentDoc,
    "\n  fragment Submission on SubmitTaskSuccess {\n    task {\n      id\n      room\n      status\n      version\n      priority\n      runAt\n      createdAt\n    }\n    duplicate\n    payloadDiffers\n    cursor\n  }\n": types.SubmissionFragmentDoc,
    "\n  fragment RefusedSubmission on Problem {\n    type\n    title\n    status\n    detail\n    ... on InvalidInput {\n      issues {\n        path\n        message\n      }\n    }\n  }\n": types.RefusedSubmissionFragmentDoc,
    "\n  mutation SubmitTask($input: SubmitTaskInput!) {\n    submitTask(input: $input) {\n      __typename\n      ...Submission\n      ...RefusedSubmission\n    }\n  }\n": types.SubmitTaskDocument,
    "\n  mutation SubmitTaskForPage($input: SubmitTaskInput!, $cancel: Boolean!, $seconds: Int!) {\n    submitTask(input: $input) {\n      __typename\n      ...Submission\n      ... on SubmitTaskSuccess {\n        taskToken(cancel: $cancel, seconds: $seconds) {\n          ...TaskTokenDetails\n        }\n      }\n      ...RefusedSubmission\n    }\n  }\n": types.SubmitTaskForPageDocument,
    "\n  fragment TaskTokenDetails on TaskToken {\n    token\n    expiresAt\n    canCancel\n  }\n": types.TaskTokenDetailsFragmentDoc,
    "\n  mutation CreateTaskToken($input: CreateTaskTokenInput!) {\n    createTaskToken(input: $input) {\n      __typename\n      ... on CreateTaskTokenSuccess {\n        taskToken {\n          ...TaskTokenDetails\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n": types.CreateTaskTokenDocument,
    "\n  mutation SubmitTasks($inputs: [SubmitTaskInput!]!) {\n    submitTasks(inputs: $inputs) {\n      __typename\n      ... on SubmitTasksSuccess {\n        results {\n          __typename\n          ...Submission\n          ...RefusedSubmission\n        }\n      }\n      ...RefusedSubmission\n    }\n  }\n": types.SubmitTasksDocument,
    "\n  mutation CancelTask($input: CancelTaskInput!) {\n    cancelTask(input: $input) {\n      __typename\n      ... on TaskSuccess {\n        task {\n          ...TaskSummary\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n": types.CancelTaskDocument,
    "\n  mutation RetryTask($input: RetryTaskInput!) {\n    retryTask(input: $input) {\n      __typename\n      ... on TaskSuccess {\n        task {\n          ...TaskSummary\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n": types.RetryTaskDocument,
    "\n  query OneTask($id: ID!) {\n    task(id: $id) {\n      ...TaskSummary\n      payload\n      result\n      worker {\n        id\n        name\n      }\n      assets(first: 100) {\n        nodes {\n          ...AssetDetails\n        }\n      }\n    }\n  }\n": types.OneTaskDocument,
    "\n  fragment EstimateDetails on TaskEstimate {\n    at\n    start {\n      p50\n      p90\n      p50At\n      p90At\n    }\n    end {\n      p50\n      p90\n      p50At\n      p90At\n    }\n    unknown\n    detail\n    ahead\n    slots\n    historySeconds\n  }\n": types.EstimateDetailsFragmentDoc,
    "\n  query EstimateOfTask($id: ID!) {\n    task(id: $id) {\n      estimate {\n        ...EstimateDetails\n      }\n    }\n  }\n": types.EstimateOfTaskDocument,
    "\n  subscription TaskEstimates($id: ID!, $after: Cursor) {\n    taskEvents(taskId: $id, after: $after, follow: true) {\n      ... on TaskSnapshot {\n        cursor\n        task {\n          estimate {\n            ...EstimateDetails\n          }\n        }\n      }\n      ... on TaskTransitioned {\n        cursor\n        task {\n          estimate {\n            ...EstimateDetails\n          }\n        }\n      }\n      ... on TaskEstimated {\n        cursor\n        estimate {\n          ...EstimateDetails\n        }\n      }\n    }\n  }\n": types.TaskEstimatesDocument,
    "\n  query TaskOutcome($id: ID!) {\n    task(id: $id) {\n      status\n      result\n    }\n  }\n": types.TaskOutcomeDocument,
    "\n  query TaskEnd($id: ID!) {\n    task(id: $id) {\n      transitions(first: 100) {\n        nodes {\n          to\n          note\n        }\n      }\n    }\n  }\n": types.TaskEndDocument,
    "\n  query ListTasks($room: String, $filter: TaskFilter, $first: Int, $after: String, $last: Int, $before: String) {\n    tasks(room: $room, filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      nodes {\n        ...TaskSummary\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n      streamCursor\n    }\n  }\n": types.ListTasksDocument,
    "\n  query RoomPosition($room: String!) {\n    tasks(room: $room, first: 1) {\n      streamCursor\n    }\n  }\n": types.RoomPositionDocument,
    "\n  query ListJobs($room: String!, $category: String, $first: Int, $after: String, $last: Int, $before: String) {\n    jobs(room: $room, category: $category, first: $first, after: $after, last: $last, before: $before) {\n      nodes {\n        ...JobDetails\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n": types.ListJobsDocument,
    "\n  fragment TransitionDetails on TaskTransition {\n    version\n    from\n    to\n    reason\n    attempt\n    actor\n    error {\n      message\n      code\n      retryable\n      context\n      classifiedBy\n    }\n    note\n    at\n  }\n": types.TransitionDetailsFragmentDoc,
    "\n  fragment TaskEventDetails on TaskEvent {\n    __typename\n    ... on TaskSnapshot {\n      cursor\n      task {\n        ...TaskSummary\n      }\n    }\n    ... on TaskTransitioned {\n      cursor\n      task {\n        ...TaskSummary\n      }\n      transition {\n        ...TransitionDetails\n      }\n    }\n    ... on TaskProgressed {\n      cursor\n      task {\n        ...TaskSummary\n      }\n      percent\n      message\n      at\n    }\n    ... on ResyncRequired {\n      reason\n    }\n  }\n": types.TaskEventDetailsFragmentDoc,
    "\n  subscription TaskEvents($taskId: ID!, $after: Cursor, $follow: Boolean!) {\n    taskEvents(taskId: $taskId, after: $after, follow: $follow) {\n      ...TaskEventDetails\n    }\n  }\n": types.TaskEventsDocument,
    "\n  subscription RoomEvents($room: String!, $filter: TaskFilter, $after: Cursor) {\n    roomEvents(room: $room, filter: $filter, after: $after) {\n      ...TaskEventDetails\n    }\n  }\n": types.RoomEventsDocument,
    "\n  subscription TaskCounts($room: String, $filter: TaskFilter) {\n    taskCountEvents(room: $room, filter: $filter) {\n      byStatus {\n        status\n        count\n      }\n      total\n      atLeast\n    }\n  }\n": types.TaskCountsDocument,
    "\n  mutation RegisterWorker($input: RegisterWorkerInput!) {\n    registerWorker(input: $input) {\n      __typename\n      ... on RegisterWorkerSuccess {\n        worker {\n          id\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n": types.RegisterWorkerDocument,
    "\n  mutation RegisterJob($input: RegisterJobInput!) {\n    registerJob(input: $input) {\n      __typename\n      ... on RegisterJobSuccess {\n        job {\n          fullName\n        }\n        created\n        schemaVersion\n      }\n      ... on SchemaConflict {\n        narrowings {\n          schema\n          path\n          reason\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n": types.RegisterJobDocument,
    "\n  mutation DeregisterWorker($workerId: ID!) {\n    deregisterWorker(workerId: $workerId) {\n      __typename\n      ... on DeregisterWorkerSuccess {\n        released\n      }\n      ...ProblemDetails\n    }\n  }\n": types.DeregisterWorkerDocument,
    "\n  mutation Heartbeat($workerId: ID!, $holding: [HeldAttemptInput!]!) {\n    heartbeat(workerId: $workerId, holding: $holding) {\n      __typename\n      ... on HeartbeatSuccess {\n        stop\n        worker {\n          drainingSince\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n": types.HeartbeatDocument,
    "\n  fragment ClaimedTask on Task {\n    id\n    attempt\n    room\n    job {\n      fullName\n    }\n    schemaVersion\n    payload\n    priority\n    failures\n    maxAttempts\n    runAt\n    createdBy\n    correlationId\n    entityType\n    entityId\n    labels\n    traceparent\n    createdAt\n    dependencyCount\n    dependencies(first: 25) {\n      task {\n        id\n        status\n        result\n      }\n    }\n  }\n": types.ClaimedTaskFragmentDoc,
    "\n  query MoreDependencies($id: ID!, $after: ID) {\n    task(id: $id) {\n      dependencies(first: 1000, after: $after) {\n        task {\n          id\n          status\n          result\n        }\n      }\n    }\n  }\n": types.MoreDependenciesDocument,
    "\n  mutation ClaimTasks($input: ClaimTasksInput!) {\n    claimTasks(input: $input) {\n      __typename\n      ... on ClaimTasksSuccess {\n        tasks {\n          ...ClaimedTask\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n": types.ClaimTasksDocument,
    "\n  mutation ReportProgress($input: ReportProgressInput!) {\n    reportProgress(input: $input) {\n      __typename\n      ...ProblemDetails\n    }\n  }\n": types.ReportProgressDocument,
    "\n  mutation AttachAsset($input: AttachAssetInput!) {\n    attachAsset(input: $input) {\n      __typename\n      ... on AttachAssetSuccess {\n        asset {\n          id\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n": types.AttachAssetDocument,
    "\n  mutation CompleteTask($input: CompleteTaskInput!) {\n    completeTask(input: $input) {\n      __typename\n      ...ProblemDetails\n    }\n  }\n": types.CompleteTaskDocument,
    "\n  mutation CompleteTasks($inputs: [CompleteTaskInput!]!) {\n    completeTasks(inputs: $inputs) {\n      __typename\n      ...ProblemDetails\n    }\n  }\n": types.CompleteTasksDocument,
    "\n  mutation FailTask($input: FailTaskInput!) {\n    failTask(input: $input) {\n      __typename\n      ... on TaskSuccess {\n        task {\n          error {\n            retryable\n            classifiedBy\n          }\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n": types.FailTaskDocument,
    "\n  subscription WorkerSignals($workerId: ID!) {\n    workerSignals(workerId: $workerId) {\n      __typename\n      ... on TasksAvailable {\n        job\n      }\n      ... on StopTask {\n        taskId\n        attempt\n        reason\n      }\n    }\n  }\n": types.WorkerSignalsDocument,
    "\n  mutation ReleaseTask($input: AttemptInput!, $delaySeconds: Float) {\n    releaseTask(input: $input, delaySeconds: $delaySeconds) {\n      __typename\n    }\n  }\n": types.ReleaseTaskDocument,
    "\n  fragment DeclaredSchedule on Schedule {\n    id\n    version\n    name\n    cron\n    timeZone\n    overlap\n    catchUpSeconds\n    task {\n      job {\n        fullName\n      }\n      room\n      payload\n      priority\n      labels\n      limitKey\n    }\n  }\n": types.DeclaredScheduleFragmentDoc,
    "\n  query ListSchedules($after: String) {\n    schedules(first: 100, after: $after) {\n      nodes {\n        ...DeclaredSchedule\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.ListSchedulesDocument,
    "\n  mutation DeclareSchedule($input: CreateScheduleInput!) {\n    createSchedule(input: $input) {\n      __typename\n      ...ProblemDetails\n    }\n  }\n": types.DeclareScheduleDocument,
    "\n  mutation ChangeDeclaredSchedule($input: UpdateScheduleInput!) {\n    updateSchedule(input: $input) {\n      __typename\n      ...ProblemDetails\n    }\n  }\n": types.ChangeDeclaredScheduleDocument,
    "\n  mutation RemoveDeclaredSchedule($scheduleId: ID!) {\n    deleteSchedule(scheduleId: $scheduleId) {\n      __typename\n      ...ProblemDetails\n    }\n  }\n": types.RemoveDeclaredScheduleDocument,
    "\n  mutation DefineTestJob($input: RegisterJobInput!) {\n    registerJob(input: $input) {\n      __typename\n      ... on RegisterJobSuccess {\n        job {\n          fullName\n        }\n      }\n    }\n  }\n": types.DefineTestJobDocument,
    "\n  query TestViewer {\n    viewer {\n      id\n      role\n    }\n  }\n": types.TestViewerDocument,
    "\n  query TestNode($id: ID!) {\n    node(id: $id) {\n      __typename\n      id\n    }\n  }\n": types.TestNodeDocument,
    "\n        mutation DefineCrowdJob {\n          registerJob(input: { category: \"general\", name: \"crowd\" }) {\n            __typename\n          }\n        }\n      ": types.DefineCrowdJobDocument,
    "\n  subscription RoomVersions($room: String!, $after: Cursor) {\n    roomEvents(room: $room, after: $after) {\n      __typename\n      ... on TaskTransitioned {\n        cursor\n        task {\n          id\n          version\n        }\n      }\n    }\n  }\n": types.RoomVersionsDocument,
    "\n  query StoppedAt($id: ID!) {\n    task(id: $id) {\n      stoppedAt\n    }\n  }\n": types.StoppedAtDocument,
    "\n  mutation TestDeregister($id: ID!) {\n    deregisterWorker(workerId: $id) {\n      __typename\n    }\n  }\n": types.TestDeregisterDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TaskSummary on Task {\n    id\n    room\n    status\n    version\n    job {\n      id\n      fullName\n    }\n    error {\n      message\n      code\n      retryable\n      context\n      classifiedBy\n    }\n    progress\n    progressMessage\n    priority\n    attempt\n    failures\n    maxAttempts\n    runAt\n    createdBy\n    correlationId\n    entityType\n    entityId\n    labels\n    createdAt\n    startedAt\n    finishedAt\n  }\n"): typeof import('./graphql.ts').TaskSummaryFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment AssetDetails on Asset {\n    id\n    attempt\n    type\n    url\n    storagePath\n    size\n    metadata\n    createdBy\n    createdAt\n  }\n"): typeof import('./graphql.ts').AssetDetailsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment JobDetails on Job {\n    id\n    fullName\n    room\n    category\n    name\n    description\n    payloadSchema\n    resultSchema\n    retryPolicy {\n      maxAttempts\n      backoffSeconds\n    }\n    timeoutSeconds\n    workerCount\n    createdAt\n  }\n"): typeof import('./graphql.ts').JobDetailsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ProblemDetails on Problem {\n    __typename\n    type\n    title\n    status\n    detail\n    ... on InvalidCategory {\n      allowed\n    }\n    ... on InvalidInput {\n      issues {\n        path\n        message\n      }\n    }\n    ... on SchemaConflict {\n      existing {\n        ...JobDetails\n      }\n    }\n    ... on InvalidTransition {\n      from\n      allowedStatuses: allowed\n    }\n    ... on StaleAttempt {\n      currentAttempt\n    }\n  }\n"): typeof import('./graphql.ts').ProblemDetailsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Submission on SubmitTaskSuccess {\n    task {\n      id\n      room\n      status\n      version\n      priority\n      runAt\n      createdAt\n    }\n    duplicate\n    payloadDiffers\n    cursor\n  }\n"): typeof import('./graphql.ts').SubmissionFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment RefusedSubmission on Problem {\n    type\n    title\n    status\n    detail\n    ... on InvalidInput {\n      issues {\n        path\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').RefusedSubmissionFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SubmitTask($input: SubmitTaskInput!) {\n    submitTask(input: $input) {\n      __typename\n      ...Submission\n      ...RefusedSubmission\n    }\n  }\n"): typeof import('./graphql.ts').SubmitTaskDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SubmitTaskForPage($input: SubmitTaskInput!, $cancel: Boolean!, $seconds: Int!) {\n    submitTask(input: $input) {\n      __typename\n      ...Submission\n      ... on SubmitTaskSuccess {\n        taskToken(cancel: $cancel, seconds: $seconds) {\n          ...TaskTokenDetails\n        }\n      }\n      ...RefusedSubmission\n    }\n  }\n"): typeof import('./graphql.ts').SubmitTaskForPageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TaskTokenDetails on TaskToken {\n    token\n    expiresAt\n    canCancel\n  }\n"): typeof import('./graphql.ts').TaskTokenDetailsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CreateTaskToken($input: CreateTaskTokenInput!) {\n    createTaskToken(input: $input) {\n      __typename\n      ... on CreateTaskTokenSuccess {\n        taskToken {\n          ...TaskTokenDetails\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n"): typeof import('./graphql.ts').CreateTaskTokenDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation SubmitTasks($inputs: [SubmitTaskInput!]!) {\n    submitTasks(inputs: $inputs) {\n      __typename\n      ... on SubmitTasksSuccess {\n        results {\n          __typename\n          ...Submission\n          ...RefusedSubmission\n        }\n      }\n      ...RefusedSubmission\n    }\n  }\n"): typeof import('./graphql.ts').SubmitTasksDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CancelTask($input: CancelTaskInput!) {\n    cancelTask(input: $input) {\n      __typename\n      ... on TaskSuccess {\n        task {\n          ...TaskSummary\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n"): typeof import('./graphql.ts').CancelTaskDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RetryTask($input: RetryTaskInput!) {\n    retryTask(input: $input) {\n      __typename\n      ... on TaskSuccess {\n        task {\n          ...TaskSummary\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n"): typeof import('./graphql.ts').RetryTaskDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OneTask($id: ID!) {\n    task(id: $id) {\n      ...TaskSummary\n      payload\n      result\n      worker {\n        id\n        name\n      }\n      assets(first: 100) {\n        nodes {\n          ...AssetDetails\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OneTaskDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment EstimateDetails on TaskEstimate {\n    at\n    start {\n      p50\n      p90\n      p50At\n      p90At\n    }\n    end {\n      p50\n      p90\n      p50At\n      p90At\n    }\n    unknown\n    detail\n    ahead\n    slots\n    historySeconds\n  }\n"): typeof import('./graphql.ts').EstimateDetailsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EstimateOfTask($id: ID!) {\n    task(id: $id) {\n      estimate {\n        ...EstimateDetails\n      }\n    }\n  }\n"): typeof import('./graphql.ts').EstimateOfTaskDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription TaskEstimates($id: ID!, $after: Cursor) {\n    taskEvents(taskId: $id, after: $after, follow: true) {\n      ... on TaskSnapshot {\n        cursor\n        task {\n          estimate {\n            ...EstimateDetails\n          }\n        }\n      }\n      ... on TaskTransitioned {\n        cursor\n        task {\n          estimate {\n            ...EstimateDetails\n          }\n        }\n      }\n      ... on TaskEstimated {\n        cursor\n        estimate {\n          ...EstimateDetails\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TaskEstimatesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TaskOutcome($id: ID!) {\n    task(id: $id) {\n      status\n      result\n    }\n  }\n"): typeof import('./graphql.ts').TaskOutcomeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TaskEnd($id: ID!) {\n    task(id: $id) {\n      transitions(first: 100) {\n        nodes {\n          to\n          note\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TaskEndDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListTasks($room: String, $filter: TaskFilter, $first: Int, $after: String, $last: Int, $before: String) {\n    tasks(room: $room, filter: $filter, first: $first, after: $after, last: $last, before: $before) {\n      nodes {\n        ...TaskSummary\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n      streamCursor\n    }\n  }\n"): typeof import('./graphql.ts').ListTasksDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query RoomPosition($room: String!) {\n    tasks(room: $room, first: 1) {\n      streamCursor\n    }\n  }\n"): typeof import('./graphql.ts').RoomPositionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListJobs($room: String!, $category: String, $first: Int, $after: String, $last: Int, $before: String) {\n    jobs(room: $room, category: $category, first: $first, after: $after, last: $last, before: $before) {\n      nodes {\n        ...JobDetails\n      }\n      pageInfo {\n        hasNextPage\n        hasPreviousPage\n        startCursor\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ListJobsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TransitionDetails on TaskTransition {\n    version\n    from\n    to\n    reason\n    attempt\n    actor\n    error {\n      message\n      code\n      retryable\n      context\n      classifiedBy\n    }\n    note\n    at\n  }\n"): typeof import('./graphql.ts').TransitionDetailsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TaskEventDetails on TaskEvent {\n    __typename\n    ... on TaskSnapshot {\n      cursor\n      task {\n        ...TaskSummary\n      }\n    }\n    ... on TaskTransitioned {\n      cursor\n      task {\n        ...TaskSummary\n      }\n      transition {\n        ...TransitionDetails\n      }\n    }\n    ... on TaskProgressed {\n      cursor\n      task {\n        ...TaskSummary\n      }\n      percent\n      message\n      at\n    }\n    ... on ResyncRequired {\n      reason\n    }\n  }\n"): typeof import('./graphql.ts').TaskEventDetailsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription TaskEvents($taskId: ID!, $after: Cursor, $follow: Boolean!) {\n    taskEvents(taskId: $taskId, after: $after, follow: $follow) {\n      ...TaskEventDetails\n    }\n  }\n"): typeof import('./graphql.ts').TaskEventsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription RoomEvents($room: String!, $filter: TaskFilter, $after: Cursor) {\n    roomEvents(room: $room, filter: $filter, after: $after) {\n      ...TaskEventDetails\n    }\n  }\n"): typeof import('./graphql.ts').RoomEventsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription TaskCounts($room: String, $filter: TaskFilter) {\n    taskCountEvents(room: $room, filter: $filter) {\n      byStatus {\n        status\n        count\n      }\n      total\n      atLeast\n    }\n  }\n"): typeof import('./graphql.ts').TaskCountsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RegisterWorker($input: RegisterWorkerInput!) {\n    registerWorker(input: $input) {\n      __typename\n      ... on RegisterWorkerSuccess {\n        worker {\n          id\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n"): typeof import('./graphql.ts').RegisterWorkerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RegisterJob($input: RegisterJobInput!) {\n    registerJob(input: $input) {\n      __typename\n      ... on RegisterJobSuccess {\n        job {\n          fullName\n        }\n        created\n        schemaVersion\n      }\n      ... on SchemaConflict {\n        narrowings {\n          schema\n          path\n          reason\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n"): typeof import('./graphql.ts').RegisterJobDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeregisterWorker($workerId: ID!) {\n    deregisterWorker(workerId: $workerId) {\n      __typename\n      ... on DeregisterWorkerSuccess {\n        released\n      }\n      ...ProblemDetails\n    }\n  }\n"): typeof import('./graphql.ts').DeregisterWorkerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Heartbeat($workerId: ID!, $holding: [HeldAttemptInput!]!) {\n    heartbeat(workerId: $workerId, holding: $holding) {\n      __typename\n      ... on HeartbeatSuccess {\n        stop\n        worker {\n          drainingSince\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n"): typeof import('./graphql.ts').HeartbeatDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ClaimedTask on Task {\n    id\n    attempt\n    room\n    job {\n      fullName\n    }\n    schemaVersion\n    payload\n    priority\n    failures\n    maxAttempts\n    runAt\n    createdBy\n    correlationId\n    entityType\n    entityId\n    labels\n    traceparent\n    createdAt\n    dependencyCount\n    dependencies(first: 25) {\n      task {\n        id\n        status\n        result\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ClaimedTaskFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query MoreDependencies($id: ID!, $after: ID) {\n    task(id: $id) {\n      dependencies(first: 1000, after: $after) {\n        task {\n          id\n          status\n          result\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').MoreDependenciesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ClaimTasks($input: ClaimTasksInput!) {\n    claimTasks(input: $input) {\n      __typename\n      ... on ClaimTasksSuccess {\n        tasks {\n          ...ClaimedTask\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n"): typeof import('./graphql.ts').ClaimTasksDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReportProgress($input: ReportProgressInput!) {\n    reportProgress(input: $input) {\n      __typename\n      ...ProblemDetails\n    }\n  }\n"): typeof import('./graphql.ts').ReportProgressDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation AttachAsset($input: AttachAssetInput!) {\n    attachAsset(input: $input) {\n      __typename\n      ... on AttachAssetSuccess {\n        asset {\n          id\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n"): typeof import('./graphql.ts').AttachAssetDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CompleteTask($input: CompleteTaskInput!) {\n    completeTask(input: $input) {\n      __typename\n      ...ProblemDetails\n    }\n  }\n"): typeof import('./graphql.ts').CompleteTaskDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CompleteTasks($inputs: [CompleteTaskInput!]!) {\n    completeTasks(inputs: $inputs) {\n      __typename\n      ...ProblemDetails\n    }\n  }\n"): typeof import('./graphql.ts').CompleteTasksDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation FailTask($input: FailTaskInput!) {\n    failTask(input: $input) {\n      __typename\n      ... on TaskSuccess {\n        task {\n          error {\n            retryable\n            classifiedBy\n          }\n        }\n      }\n      ...ProblemDetails\n    }\n  }\n"): typeof import('./graphql.ts').FailTaskDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription WorkerSignals($workerId: ID!) {\n    workerSignals(workerId: $workerId) {\n      __typename\n      ... on TasksAvailable {\n        job\n      }\n      ... on StopTask {\n        taskId\n        attempt\n        reason\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WorkerSignalsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ReleaseTask($input: AttemptInput!, $delaySeconds: Float) {\n    releaseTask(input: $input, delaySeconds: $delaySeconds) {\n      __typename\n    }\n  }\n"): typeof import('./graphql.ts').ReleaseTaskDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DeclaredSchedule on Schedule {\n    id\n    version\n    name\n    cron\n    timeZone\n    overlap\n    catchUpSeconds\n    task {\n      job {\n        fullName\n      }\n      room\n      payload\n      priority\n      labels\n      limitKey\n    }\n  }\n"): typeof import('./graphql.ts').DeclaredScheduleFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ListSchedules($after: String) {\n    schedules(first: 100, after: $after) {\n      nodes {\n        ...DeclaredSchedule\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ListSchedulesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DeclareSchedule($input: CreateScheduleInput!) {\n    createSchedule(input: $input) {\n      __typename\n      ...ProblemDetails\n    }\n  }\n"): typeof import('./graphql.ts').DeclareScheduleDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation ChangeDeclaredSchedule($input: UpdateScheduleInput!) {\n    updateSchedule(input: $input) {\n      __typename\n      ...ProblemDetails\n    }\n  }\n"): typeof import('./graphql.ts').ChangeDeclaredScheduleDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation RemoveDeclaredSchedule($scheduleId: ID!) {\n    deleteSchedule(scheduleId: $scheduleId) {\n      __typename\n      ...ProblemDetails\n    }\n  }\n"): typeof import('./graphql.ts').RemoveDeclaredScheduleDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DefineTestJob($input: RegisterJobInput!) {\n    registerJob(input: $input) {\n      __typename\n      ... on RegisterJobSuccess {\n        job {\n          fullName\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DefineTestJobDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TestViewer {\n    viewer {\n      id\n      role\n    }\n  }\n"): typeof import('./graphql.ts').TestViewerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TestNode($id: ID!) {\n    node(id: $id) {\n      __typename\n      id\n    }\n  }\n"): typeof import('./graphql.ts').TestNodeDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n        mutation DefineCrowdJob {\n          registerJob(input: { category: \"general\", name: \"crowd\" }) {\n            __typename\n          }\n        }\n      "): typeof import('./graphql.ts').DefineCrowdJobDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription RoomVersions($room: String!, $after: Cursor) {\n    roomEvents(room: $room, after: $after) {\n      __typename\n      ... on TaskTransitioned {\n        cursor\n        task {\n          id\n          version\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').RoomVersionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query StoppedAt($id: ID!) {\n    task(id: $id) {\n      stoppedAt\n    }\n  }\n"): typeof import('./graphql.ts').StoppedAtDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation TestDeregister($id: ID!) {\n    deregisterWorker(workerId: $id) {\n      __typename\n    }\n  }\n"): typeof import('./graphql.ts').TestDeregisterDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
