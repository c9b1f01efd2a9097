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
    "\n  fragment BulkPlanRow on BulkPlan {\n    id\n    action\n    matching\n    atLeast\n    permitted\n    byStatus {\n      status\n      count\n    }\n    sample {\n      id\n      status\n      job {\n        fullName\n      }\n      error {\n        code\n        message\n      }\n    }\n    expiresAt\n  }\n": typeof types.BulkPlanRowFragmentDoc,
    "\n  fragment BulkRunRow on BulkRun {\n    id\n    status\n    done\n    refused\n    startedBy\n    startedAt\n    finishedAt\n    plan {\n      action\n      matching\n      permitted\n    }\n  }\n": typeof types.BulkRunRowFragmentDoc,
    "\n  mutation DashboardPlanBulk($input: PlanBulkInput!) {\n    planBulk(input: $input) {\n      __typename\n      ... on PlanBulkSuccess {\n        plan {\n          ...BulkPlanRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardPlanBulkDocument,
    "\n  mutation DashboardApplyBulk($input: ApplyBulkInput!) {\n    applyBulk(input: $input) {\n      __typename\n      ... on BulkRunSuccess {\n        run {\n          ...BulkRunRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardApplyBulkDocument,
    "\n  mutation DashboardStopBulk($input: StopBulkInput!) {\n    stopBulk(input: $input) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardStopBulkDocument,
    "\n  subscription BulkRunStream($runId: ID!) {\n    bulkRunEvents(runId: $runId) {\n      ...BulkRunRow\n    }\n  }\n": typeof types.BulkRunStreamDocument,
    "\n  query ErrorGroups($room: String, $job: String, $first: Int! = 50) {\n    errorGroups(room: $room, job: $job, first: $first) {\n      fingerprint\n      code\n      message\n      count\n      deadLetters\n      firstAt\n      lastAt\n      series\n      job {\n        fullName\n      }\n    }\n  }\n": typeof types.ErrorGroupsDocument,
    "\n  query ProbeCandidates($room: String, $filter: TaskFilter!) {\n    deadLetters(room: $room, filter: $filter, first: 50) {\n      nodes {\n        id\n        viewerCanRetry\n      }\n    }\n  }\n": typeof types.ProbeCandidatesDocument,
    "\n  fragment EventRow on Event {\n    id\n    type\n    severity\n    room\n    actor\n    correlationId\n    subject\n    payload\n    at\n  }\n": typeof types.EventRowFragmentDoc,
    "\n  query EventPage($filter: EventFilter, $first: Int!, $after: String) {\n    events(filter: $filter, first: $first, after: $after) {\n      nodes {\n        ...EventRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      streamCursor\n    }\n  }\n": typeof types.EventPageDocument,
    "\n  subscription DashboardEventStream(\n    $room: String\n    $minSeverity: EventSeverity!\n    $types: [EventType!]\n    $actor: String\n    $subject: ID\n    $correlationId: String\n    $after: Cursor\n  ) {\n    eventStream(\n      room: $room\n      minSeverity: $minSeverity\n      types: $types\n      actor: $actor\n      subject: $subject\n      correlationId: $correlationId\n      after: $after\n    ) {\n      __typename\n      ... on EventRecorded {\n        cursor\n        event {\n          ...EventRow\n        }\n      }\n    }\n  }\n": typeof types.DashboardEventStreamDocument,
    "\n  subscription AuditStream($types: [EventType!]!, $after: Cursor) {\n    eventStream(types: $types, after: $after) {\n      __typename\n      ... on EventRecorded {\n        cursor\n      }\n    }\n  }\n": typeof types.AuditStreamDocument,
    "\n  query AuditPosition {\n    events(first: 1) {\n      streamCursor\n    }\n  }\n": typeof types.AuditPositionDocument,
    "\n  fragment JobRow on Job {\n    id\n    fullName\n    room\n    category\n    name\n    description\n    workerCount\n    schemaVersion\n    timeoutSeconds\n    retryPolicy {\n      maxAttempts\n    }\n    pauses {\n      room\n      pausedAt\n      pausedBy\n      reason\n    }\n    viewerCanPause\n  }\n": typeof types.JobRowFragmentDoc,
    "\n  subscription JobStream($room: String, $category: String, $fullName: String) {\n    jobEvents(room: $room, category: $category, fullName: $fullName) {\n      __typename\n      ... on JobsSnapshot {\n        jobs {\n          ...JobRow\n        }\n      }\n      ... on JobChanged {\n        job {\n          ...JobRow\n        }\n      }\n      ... on JobGone {\n        jobId\n      }\n    }\n  }\n": typeof types.JobStreamDocument,
    "\n  query DashboardJobs($room: String, $search: String, $retired: Boolean! = false) {\n    jobs(room: $room, search: $search, retired: $retired, first: 100) {\n      nodes {\n        ...JobRow\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n": typeof types.DashboardJobsDocument,
    "\n  query DashboardJobStatistics(\n    $room: String\n    $window: StatisticsWindow!\n    $order: JobStatisticsOrder! = BACKLOG\n    $first: Int! = 100\n  ) {\n    jobStatistics(room: $room, window: $window, order: $order, first: $first) {\n      job {\n        fullName\n        workerCount\n      }\n      oldestPendingSince\n      counts {\n        byStatus {\n          status\n          count\n        }\n      }\n      window {\n        failed\n        failureRate\n        run {\n          p95\n        }\n      }\n      series {\n        completed\n        partial\n        failed\n      }\n    }\n  }\n": typeof types.DashboardJobStatisticsDocument,
    "\n  query DashboardJob($fullName: String!) {\n    job(fullName: $fullName) {\n      id\n      fullName\n      room\n      category\n      name\n      description\n      payloadSchema\n      resultSchema\n      schemaVersion\n      retryPolicy {\n        maxAttempts\n        backoffSeconds\n      }\n      timeoutSeconds\n      fairness\n      fairnessKeyPointer\n      limits {\n        name\n        scope\n        keyPointer\n        maxRunning\n        rate {\n          count\n          perSeconds\n        }\n        use(first: 3) {\n          key\n          running\n          tokensLeft\n        }\n      }\n      workerCount\n      createdAt\n      retiredAt\n      viewerCanUpdate\n    }\n  }\n": typeof types.DashboardJobDocument,
    "\n  mutation DashboardUpdateJob($input: UpdateJobInput!) {\n    updateJob(input: $input) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardUpdateJobDocument,
    "\n  mutation DashboardPauseJob($input: PauseJobInput!) {\n    pauseJob(input: $input) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardPauseJobDocument,
    "\n  mutation DashboardResumeJob($input: ResumeJobInput!) {\n    resumeJob(input: $input) {\n      __typename\n      ... on ResumeJobSuccess {\n        resumed\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardResumeJobDocument,
    "\n  query DashboardJobSchemas($fullName: String!, $before: Int) {\n    job(fullName: $fullName) {\n      id\n      schemaVersions(first: 20, before: $before) {\n        version\n        payloadSchema\n        resultSchema\n        createdAt\n        createdBy\n      }\n    }\n  }\n": typeof types.DashboardJobSchemasDocument,
    "\n  mutation DashboardResubmit($input: ResubmitTaskInput!) {\n    resubmitTask(input: $input) {\n      __typename\n      ... on SubmitTaskSuccess {\n        duplicate\n        task {\n          id\n          estimate {\n            detail\n          }\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardResubmitDocument,
    "\n  mutation DashboardSubmit($input: SubmitTaskInput!) {\n    submitTask(input: $input) {\n      __typename\n      ... on SubmitTaskSuccess {\n        duplicate\n        task {\n          id\n          estimate {\n            detail\n          }\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardSubmitDocument,
    "\n  query DashboardKeys($after: String) {\n    apiKeys(first: 100, after: $after) {\n      nodes {\n        id\n        name\n        prefix\n        role\n        rooms\n        status\n        createdBy\n        createdAt\n        expiresAt\n        lastUsedAt\n      }\n    }\n  }\n": typeof types.DashboardKeysDocument,
    "\n  mutation DashboardCreateKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      __typename\n      ... on CreateApiKeySuccess {\n        secret\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardCreateKeyDocument,
    "\n  mutation DashboardRevokeKey($id: ID!) {\n    revokeApiKey(id: $id) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardRevokeKeyDocument,
    "\n  fragment OperationRunRow on OperationRun {\n    id\n    operation\n    room\n    status\n    stale\n    dryRun\n    parameters\n    metrics\n    error\n    warnings\n    triggeredBy\n    correlationId\n    startedAt\n    updatedAt\n    finishedAt\n  }\n": typeof types.OperationRunRowFragmentDoc,
    "\n  query Operations {\n    operations {\n      name\n      description\n      parameters\n      metrics\n      automaticEverySeconds\n    }\n  }\n": typeof types.OperationsDocument,
    "\n  query OperationRuns($filter: OperationRunFilter, $after: String) {\n    operationRuns(filter: $filter, first: 30, after: $after) {\n      nodes {\n        ...OperationRunRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.OperationRunsDocument,
    "\n  query DashboardOperationRun($id: ID!) {\n    operationRun(id: $id) {\n      ...OperationRunRow\n    }\n  }\n": typeof types.DashboardOperationRunDocument,
    "\n  subscription OperationRunStream($operation: String, $room: String) {\n    operationRunEvents(operation: $operation, room: $room) {\n      __typename\n      ... on OperationRunsSnapshot {\n        runs {\n          ...OperationRunRow\n        }\n      }\n      ... on OperationRunChanged {\n        run {\n          ...OperationRunRow\n        }\n      }\n    }\n  }\n": typeof types.OperationRunStreamDocument,
    "\n  mutation DashboardRunOperation($input: RunOperationInput!) {\n    runOperation(input: $input) {\n      __typename\n      ... on OperationRunSuccess {\n        run {\n          ...OperationRunRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardRunOperationDocument,
    "\n  subscription TransitionStream($room: String, $after: Cursor) {\n    roomEvents(room: $room, after: $after) {\n      __typename\n      ... on TaskTransitioned {\n        cursor\n        transition {\n          from\n          to\n          reason\n        }\n      }\n    }\n  }\n": typeof types.TransitionStreamDocument,
    "\n  query DashboardBlockedCounts($room: String, $seesPace: Boolean!) {\n    blockedCounts(room: $room) {\n      byReason {\n        by\n        count\n      }\n      unblocked\n      atLeast\n    }\n    statistics(room: $room, window: { last: 10, interval: MINUTE }) @include(if: $seesPace) {\n      window {\n        throughput\n      }\n    }\n  }\n": typeof types.DashboardBlockedCountsDocument,
    "\n  fragment ScheduleRunRow on ScheduleRun {\n    id\n    tick\n    status\n    detail\n    triggeredBy\n    createdAt\n    startedAt\n    finishedAt\n    task {\n      id\n    }\n    operationRun {\n      id\n    }\n  }\n": typeof types.ScheduleRunRowFragmentDoc,
    "\n  fragment ScheduleRow on Schedule {\n    id\n    name\n    cron\n    timeZone\n    overlap\n    pausedAt\n    nextRunAt\n    version\n    task {\n      room\n      job {\n        fullName\n      }\n    }\n    operation {\n      operation\n      room\n      dryRun\n    }\n  }\n": typeof types.ScheduleRowFragmentDoc,
    "\n  fragment ScheduleDetail on Schedule {\n    ...ScheduleRow\n    catchUpSeconds\n    createdBy\n    createdAt\n    updatedAt\n    nextRuns(count: 5)\n    task {\n      payload\n      priority\n      labels\n      limitKey\n    }\n    operation {\n      parameters\n    }\n  }\n": typeof types.ScheduleDetailFragmentDoc,
    "\n  query Schedules($room: String, $after: String) {\n    schedules(room: $room, first: 50, after: $after) {\n      nodes {\n        ...ScheduleRow\n        runs(first: 10) {\n          nodes {\n            ...ScheduleRunRow\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": typeof types.SchedulesDocument,
    "\n  query DashboardSchedule($id: ID!) {\n    schedule(id: $id) {\n      ...ScheduleDetail\n      runs(first: 50) {\n        nodes {\n          ...ScheduleRunRow\n        }\n      }\n    }\n  }\n": typeof types.DashboardScheduleDocument,
    "\n  subscription ScheduleStream($scheduleId: ID, $room: String) {\n    scheduleEvents(scheduleId: $scheduleId, room: $room) {\n      __typename\n      ... on SchedulesSnapshot {\n        schedules {\n          ...ScheduleRow\n        }\n        runs {\n          id\n        }\n      }\n      ... on ScheduleChanged {\n        schedule {\n          ...ScheduleRow\n        }\n      }\n      ... on ScheduleRunChanged {\n        schedule {\n          id\n        }\n        run {\n          ...ScheduleRunRow\n        }\n      }\n      ... on ScheduleGone {\n        scheduleId\n      }\n    }\n  }\n": typeof types.ScheduleStreamDocument,
    "\n  mutation DashboardCreateSchedule($input: CreateScheduleInput!) {\n    createSchedule(input: $input) {\n      __typename\n      ... on ScheduleSuccess {\n        schedule {\n          id\n          name\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardCreateScheduleDocument,
    "\n  mutation DashboardUpdateSchedule($input: UpdateScheduleInput!) {\n    updateSchedule(input: $input) {\n      __typename\n      ... on ScheduleSuccess {\n        schedule {\n          id\n          name\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardUpdateScheduleDocument,
    "\n  mutation DashboardRunSchedule($id: ID!) {\n    runScheduleNow(scheduleId: $id) {\n      __typename\n      ... on RunScheduleNowSuccess {\n        run {\n          id\n          status\n          detail\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardRunScheduleDocument,
    "\n  mutation DashboardDeleteSchedule($id: ID!) {\n    deleteSchedule(scheduleId: $id) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardDeleteScheduleDocument,
    "\n  fragment Activity on TaskActivity {\n    at\n    submitted\n    completed\n    partial\n    failed\n    cancelled\n    attemptsFailed\n    failureRate\n    throughput\n    wait {\n      p50\n      p95\n      p99\n    }\n    run {\n      p50\n      p95\n      p99\n    }\n  }\n": typeof types.ActivityFragmentDoc,
    "\n  subscription CountsStream($room: String, $job: String) {\n    statisticsEvents(room: $room, job: $job) {\n      counts {\n        total\n        queueDepth\n        byStatus {\n          status\n          count\n        }\n      }\n    }\n  }\n": typeof types.CountsStreamDocument,
    "\n  subscription PointsStream($room: String, $job: String, $interval: StatisticInterval!) {\n    statisticsEvents(room: $room, job: $job, interval: $interval) {\n      points {\n        ...Activity\n      }\n    }\n  }\n": typeof types.PointsStreamDocument,
    "\n  subscription FilteredCountsStream($room: String, $filter: TaskFilter) {\n    taskCountEvents(room: $room, filter: $filter) {\n      total\n      atLeast\n      byStatus {\n        status\n        count\n      }\n    }\n  }\n": typeof types.FilteredCountsStreamDocument,
    "\n  query DashboardStatistics($room: String, $job: String, $window: StatisticsWindow!) {\n    statistics(room: $room, job: $job, window: $window) {\n      oldestPendingSince\n      window {\n        ...Activity\n      }\n      series {\n        ...Activity\n      }\n    }\n  }\n": typeof types.DashboardStatisticsDocument,
    "\n  query DashboardTaskGraph($id: ID!) {\n    taskGraph(id: $id) {\n      nodes {\n        id\n        status\n        version\n        dependencyCount\n        job {\n          fullName\n        }\n      }\n      edges {\n        from\n        to\n        onFailure\n        settled\n      }\n      truncated\n      streamCursor\n    }\n  }\n": typeof types.DashboardTaskGraphDocument,
    "\n  subscription DashboardTaskGraphEvents($id: ID!, $after: Cursor) {\n    taskGraphEvents(id: $id, after: $after) {\n      __typename\n      ... on TaskTransitioned {\n        cursor\n        task {\n          id\n          status\n          version\n        }\n      }\n    }\n  }\n": typeof types.DashboardTaskGraphEventsDocument,
    "\n  fragment TaskRights on Task {\n    viewerCanCancel\n    viewerCanRetry\n    viewerCanDiscard\n    viewerCanRestore\n    viewerCanReschedule\n  }\n": typeof types.TaskRightsFragmentDoc,
    "\n  fragment TaskChange on TaskTransition {\n    cursor\n    version\n    from\n    to\n    reason\n    attempt\n    actor\n    note\n    at\n    error {\n      message\n      code\n      retryable\n      classifiedBy\n    }\n  }\n": typeof types.TaskChangeFragmentDoc,
    "\n  fragment Blocked on BlockedReason {\n    by\n    detail\n    until\n    ahead\n  }\n": typeof types.BlockedFragmentDoc,
    "\n  fragment Estimate on TaskEstimate {\n    start {\n      p50At\n      p90At\n    }\n    end {\n      p50At\n      p90At\n    }\n    unknown\n    detail\n  }\n": typeof types.EstimateFragmentDoc,
    "\n  query TaskDetail($id: ID!, $before: String) {\n    task(id: $id) {\n      ...TaskRow\n      ...TaskRights\n      discardedBy\n      copyOf\n      blockedReason {\n        ...Blocked\n      }\n      estimate {\n        ...Estimate\n      }\n      traceparent\n      stoppedAt\n      job {\n        id\n        fullName\n        workerCount\n        timeoutSeconds\n        retiredAt\n      }\n      transitions(last: 100, before: $before) {\n        nodes {\n          ...TaskChange\n        }\n        pageInfo {\n          hasPreviousPage\n          startCursor\n        }\n      }\n    }\n  }\n": typeof types.TaskDetailDocument,
    "\n  query TaskGlance($id: ID!) {\n    task(id: $id) {\n      id\n      job {\n        fullName\n      }\n      blockedReason {\n        ...Blocked\n      }\n      transitions(last: 3) {\n        nodes {\n          ...TaskChange\n        }\n      }\n    }\n  }\n": typeof types.TaskGlanceDocument,
    "\n  subscription DashboardTaskEvents($taskId: ID!, $after: Cursor) {\n    taskEvents(taskId: $taskId, after: $after, follow: true) {\n      __typename\n      ... on TaskSnapshot {\n        cursor\n      }\n      ... on TaskTransitioned {\n        cursor\n        task {\n          ...TaskRow\n          ...TaskRights\n          discardedBy\n          estimate {\n            ...Estimate\n          }\n        }\n        transition {\n          ...TaskChange\n        }\n      }\n      ... on TaskBlocked {\n        cursor\n        blockedReason {\n          ...Blocked\n        }\n      }\n      ... on TaskEstimated {\n        cursor\n        estimate {\n          ...Estimate\n        }\n      }\n      ... on TaskProgressed {\n        cursor\n        percent\n        message\n        task {\n          version\n        }\n      }\n    }\n  }\n": typeof types.DashboardTaskEventsDocument,
    "\n  query TaskPayload($id: ID!) {\n    task(id: $id) {\n      payload\n      room\n      job {\n        fullName\n      }\n    }\n  }\n": typeof types.TaskPayloadDocument,
    "\n  query DashboardTaskResult($id: ID!) {\n    task(id: $id) {\n      result\n      error {\n        context\n      }\n    }\n  }\n": typeof types.DashboardTaskResultDocument,
    "\n  query TaskAssets($id: ID!, $after: String) {\n    task(id: $id) {\n      assets(first: 100, after: $after) {\n        nodes {\n          id\n          attempt\n          type\n          url\n          storagePath\n          size\n          metadata\n          createdBy\n          createdAt\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": typeof types.TaskAssetsDocument,
    "\n  fragment TaskRow on Task {\n    id\n    room\n    status\n    version\n    job {\n      fullName\n    }\n    error {\n      message\n      code\n      retryable\n      classifiedBy\n    }\n    progress\n    progressMessage\n    priority\n    attempt\n    failures\n    maxAttempts\n    runAt\n    workerId\n    workerName\n    createdBy\n    correlationId\n    entityType\n    entityId\n    labels\n    createdAt\n    startedAt\n    finishedAt\n    discardedAt\n  }\n": typeof types.TaskRowFragmentDoc,
    "\n  query Suggestions($room: String, $field: SuggestField!, $key: String, $prefix: String!) {\n    suggest(room: $room, field: $field, key: $key, prefix: $prefix, first: 12)\n  }\n": typeof types.SuggestionsDocument,
    "\n  query TaskPage($room: String, $filter: TaskFilter, $first: Int!, $after: String) {\n    tasks(room: $room, filter: $filter, first: $first, after: $after) {\n      nodes {\n        ...TaskRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      streamCursor\n    }\n  }\n": typeof types.TaskPageDocument,
    "\n  query DeadLetterPage($room: String, $filter: TaskFilter, $first: Int!, $after: String) {\n    tasks: deadLetters(room: $room, filter: $filter, first: $first, after: $after) {\n      nodes {\n        ...TaskRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      streamCursor\n    }\n  }\n": typeof types.DeadLetterPageDocument,
    "\n  subscription TaskStream($room: String, $filter: TaskFilter, $after: Cursor) {\n    roomEvents(room: $room, filter: $filter, after: $after, leaving: true) {\n      __typename\n      ... on TaskTransitioned {\n        cursor\n        matches\n        task {\n          ...TaskRow\n        }\n      }\n      ... on TaskProgressed {\n        cursor\n        task {\n          ...TaskRow\n        }\n      }\n    }\n  }\n": typeof types.TaskStreamDocument,
    "\n  mutation DashboardCancelTask($input: CancelTaskInput!) {\n    cancelTask(input: $input) {\n      __typename\n      ... on TaskSuccess {\n        task {\n          ...TaskRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardCancelTaskDocument,
    "\n  mutation DashboardRetryTask($input: RetryTaskInput!) {\n    retryTask(input: $input) {\n      __typename\n      ... on TaskSuccess {\n        task {\n          ...TaskRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardRetryTaskDocument,
    "\n  mutation DashboardRunTaskNow($taskId: ID!) {\n    updateTask(input: { taskId: $taskId, runNow: true }) {\n      __typename\n      ... on TaskSuccess {\n        task {\n          ...TaskRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardRunTaskNowDocument,
    "\n  mutation DashboardRestoreTask($taskId: ID!) {\n    restoreTask(input: { taskId: $taskId }) {\n      __typename\n      ... on TaskSuccess {\n        task {\n          ...TaskRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardRestoreTaskDocument,
    "\n  mutation DashboardRetryTasks($input: DeadLettersInput!) {\n    retryTasks(input: $input) {\n      __typename\n      ... on RetryTasksSuccess {\n        retried\n        more\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardRetryTasksDocument,
    "\n  mutation DashboardDiscardTasks($input: DeadLettersInput!) {\n    discardTasks(input: $input) {\n      __typename\n      ... on DiscardTasksSuccess {\n        discarded\n        more\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardDiscardTasksDocument,
    "\n  query Viewer {\n    server {\n      now\n    }\n    viewer {\n      id\n      role\n      rooms\n      tier\n      expiresAt\n      rateLimit {\n        limit\n        remaining\n        resetAt\n      }\n    }\n  }\n": typeof types.ViewerDocument,
    "\n  query DashboardRooms($prefix: String) {\n    rooms(prefix: $prefix, first: 20) {\n      nodes {\n        name\n        counts {\n          total\n        }\n      }\n    }\n  }\n": typeof types.DashboardRoomsDocument,
    "\n  fragment Refusal on Problem {\n    __typename\n    type\n    title\n    status\n    detail\n    ... on InvalidInput {\n      issues {\n        path\n        message\n      }\n    }\n  }\n": typeof types.RefusalFragmentDoc,
    "\n  fragment SavedViewRow on SavedView {\n    id\n    name\n    path\n    search\n    shared\n    owner\n    room\n    viewerCanEdit\n  }\n": typeof types.SavedViewRowFragmentDoc,
    "\n  query DashboardSavedViews {\n    savedViews {\n      ...SavedViewRow\n    }\n  }\n": typeof types.DashboardSavedViewsDocument,
    "\n  mutation DashboardSaveView($input: SaveViewInput!) {\n    saveView(input: $input) {\n      __typename\n      ... on SaveViewSuccess {\n        view {\n          ...SavedViewRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardSaveViewDocument,
    "\n  mutation DashboardDeleteView($id: ID!) {\n    deleteView(input: { id: $id }) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardDeleteViewDocument,
    "\n  fragment WebhookRow on Webhook {\n    id\n    url\n    description\n    types\n    minSeverity\n    room\n    enabled\n    failuresInRow\n    restingUntil\n    createdBy\n    createdAt\n    updatedAt\n  }\n": typeof types.WebhookRowFragmentDoc,
    "\n  query Webhooks {\n    webhooks(first: 100) {\n      nodes {\n        ...WebhookRow\n      }\n    }\n  }\n": typeof types.WebhooksDocument,
    "\n  fragment DeliveryRow on WebhookDelivery {\n    id\n    type\n    eventId\n    status\n    attempts\n    responseCode\n    response\n    error\n    durationMs\n    createdAt\n    lastAttemptAt\n  }\n": typeof types.DeliveryRowFragmentDoc,
    "\n  subscription DeliveryStream($webhookId: ID!) {\n    webhookDeliveryEvents(webhookId: $webhookId) {\n      __typename\n      ... on WebhookDeliveriesSnapshot {\n        deliveries {\n          ...DeliveryRow\n        }\n      }\n      ... on WebhookDeliveryChanged {\n        delivery {\n          ...DeliveryRow\n        }\n      }\n      ... on WebhookDeliveryGone {\n        deliveryId\n      }\n    }\n  }\n": typeof types.DeliveryStreamDocument,
    "\n  mutation DashboardRedeliver($deliveryId: ID!) {\n    redeliverWebhook(input: { deliveryId: $deliveryId }) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardRedeliverDocument,
    "\n  mutation DashboardCreateWebhook($input: CreateWebhookInput!) {\n    createWebhook(input: $input) {\n      __typename\n      ... on CreateWebhookSuccess {\n        webhook {\n          id\n        }\n        secret\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardCreateWebhookDocument,
    "\n  mutation DashboardUpdateWebhook($input: UpdateWebhookInput!) {\n    updateWebhook(input: $input) {\n      __typename\n      ... on UpdateWebhookSuccess {\n        webhook {\n          id\n        }\n        secret\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardUpdateWebhookDocument,
    "\n  mutation DashboardTestWebhook($id: ID!) {\n    testWebhook(id: $id) {\n      __typename\n      ... on TestWebhookSuccess {\n        deliveryId\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardTestWebhookDocument,
    "\n  mutation DashboardDeleteWebhook($id: ID!) {\n    deleteWebhook(id: $id) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardDeleteWebhookDocument,
    "\n  fragment WorkerRow on Worker {\n    id\n    name\n    owner\n    host\n    version\n    capacity\n    running\n    alive\n    lastHeartbeatAt\n    createdAt\n    lostAt\n    drainingSince\n    viewerCanUse\n    jobs {\n      fullName\n    }\n  }\n": typeof types.WorkerRowFragmentDoc,
    "\n  subscription WorkerStream($filter: WorkerFilter) {\n    workerEvents(filter: $filter) {\n      __typename\n      ... on WorkersSnapshot {\n        workers {\n          ...WorkerRow\n        }\n      }\n      ... on WorkerChanged {\n        worker {\n          ...WorkerRow\n        }\n      }\n      ... on WorkerGone {\n        workerId\n      }\n    }\n  }\n": typeof types.WorkerStreamDocument,
    "\n  query LatelyRun($room: String) {\n    tasks(room: $room, filter: { statuses: [COMPLETED, PARTIAL] }, first: 100) {\n      nodes {\n        workerId\n        startedAt\n        finishedAt\n        job {\n          fullName\n        }\n      }\n    }\n  }\n": typeof types.LatelyRunDocument,
    "\n  mutation DashboardDrainWorker($workerId: ID!) {\n    drainWorker(input: { workerId: $workerId }) {\n      __typename\n      ... on DrainWorkerSuccess {\n        worker {\n          running\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardDrainWorkerDocument,
    "\n  mutation DashboardDeregisterWorker($workerId: ID!) {\n    deregisterWorker(workerId: $workerId) {\n      __typename\n      ... on DeregisterWorkerSuccess {\n        released\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": typeof types.DashboardDeregisterWorkerDocument,
};
const documents: Documents = {
    "\n  fragment BulkPlanRow on BulkPlan {\n    id\n    action\n    matching\n    atLeast\n    permitted\n    byStatus {\n      status\n      count\n    }\n    sample {\n      id\n      status\n      job {\n        fullName\n      }\n      error {\n        code\n        message\n      }\n    }\n    expiresAt\n  }\n": types.BulkPlanRowFragmentDoc,
    "\n  fragment BulkRunRow on BulkRun {\n    id\n    status\n    done\n    refused\n    startedBy\n    startedAt\n    finishedAt\n    plan {\n      action\n      matching\n      permitted\n    }\n  }\n": types.BulkRunRowFragmentDoc,
    "\n  mutation DashboardPlanBulk($input: PlanBulkInput!) {\n    planBulk(input: $input) {\n      __typename\n      ... on PlanBulkSuccess {\n        plan {\n          ...BulkPlanRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardPlanBulkDocument,
    "\n  mutation DashboardApplyBulk($input: ApplyBulkInput!) {\n    applyBulk(input: $input) {\n      __typename\n      ... on BulkRunSuccess {\n        run {\n          ...BulkRunRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardApplyBulkDocument,
    "\n  mutation DashboardStopBulk($input: StopBulkInput!) {\n    stopBulk(input: $input) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardStopBulkDocument,
    "\n  subscription BulkRunStream($runId: ID!) {\n    bulkRunEvents(runId: $runId) {\n      ...BulkRunRow\n    }\n  }\n": types.BulkRunStreamDocument,
    "\n  query ErrorGroups($room: String, $job: String, $first: Int! = 50) {\n    errorGroups(room: $room, job: $job, first: $first) {\n      fingerprint\n      code\n      message\n      count\n      deadLetters\n      firstAt\n      lastAt\n      series\n      job {\n        fullName\n      }\n    }\n  }\n": types.ErrorGroupsDocument,
    "\n  query ProbeCandidates($room: String, $filter: TaskFilter!) {\n    deadLetters(room: $room, filter: $filter, first: 50) {\n      nodes {\n        id\n        viewerCanRetry\n      }\n    }\n  }\n": types.ProbeCandidatesDocument,
    "\n  fragment EventRow on Event {\n    id\n    type\n    severity\n    room\n    actor\n    correlationId\n    subject\n    payload\n    at\n  }\n": types.EventRowFragmentDoc,
    "\n  query EventPage($filter: EventFilter, $first: Int!, $after: String) {\n    events(filter: $filter, first: $first, after: $after) {\n      nodes {\n        ...EventRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      streamCursor\n    }\n  }\n": types.EventPageDocument,
    "\n  subscription DashboardEventStream(\n    $room: String\n    $minSeverity: EventSeverity!\n    $types: [EventType!]\n    $actor: String\n    $subject: ID\n    $correlationId: String\n    $after: Cursor\n  ) {\n    eventStream(\n      room: $room\n      minSeverity: $minSeverity\n      types: $types\n      actor: $actor\n      subject: $subject\n      correlationId: $correlationId\n      after: $after\n    ) {\n      __typename\n      ... on EventRecorded {\n        cursor\n        event {\n          ...EventRow\n        }\n      }\n    }\n  }\n": types.DashboardEventStreamDocument,
    "\n  subscription AuditStream($types: [EventType!]!, $after: Cursor) {\n    eventStream(types: $types, after: $after) {\n      __typename\n      ... on EventRecorded {\n        cursor\n      }\n    }\n  }\n": types.AuditStreamDocument,
    "\n  query AuditPosition {\n    events(first: 1) {\n      streamCursor\n    }\n  }\n": types.AuditPositionDocument,
    "\n  fragment JobRow on Job {\n    id\n    fullName\n    room\n    category\n    name\n    description\n    workerCount\n    schemaVersion\n    timeoutSeconds\n    retryPolicy {\n      maxAttempts\n    }\n    pauses {\n      room\n      pausedAt\n      pausedBy\n      reason\n    }\n    viewerCanPause\n  }\n": types.JobRowFragmentDoc,
    "\n  subscription JobStream($room: String, $category: String, $fullName: String) {\n    jobEvents(room: $room, category: $category, fullName: $fullName) {\n      __typename\n      ... on JobsSnapshot {\n        jobs {\n          ...JobRow\n        }\n      }\n      ... on JobChanged {\n        job {\n          ...JobRow\n        }\n      }\n      ... on JobGone {\n        jobId\n      }\n    }\n  }\n": types.JobStreamDocument,
    "\n  query DashboardJobs($room: String, $search: String, $retired: Boolean! = false) {\n    jobs(room: $room, search: $search, retired: $retired, first: 100) {\n      nodes {\n        ...JobRow\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n": types.DashboardJobsDocument,
    "\n  query DashboardJobStatistics(\n    $room: String\n    $window: StatisticsWindow!\n    $order: JobStatisticsOrder! = BACKLOG\n    $first: Int! = 100\n  ) {\n    jobStatistics(room: $room, window: $window, order: $order, first: $first) {\n      job {\n        fullName\n        workerCount\n      }\n      oldestPendingSince\n      counts {\n        byStatus {\n          status\n          count\n        }\n      }\n      window {\n        failed\n        failureRate\n        run {\n          p95\n        }\n      }\n      series {\n        completed\n        partial\n        failed\n      }\n    }\n  }\n": types.DashboardJobStatisticsDocument,
    "\n  query DashboardJob($fullName: String!) {\n    job(fullName: $fullName) {\n      id\n      fullName\n      room\n      category\n      name\n      description\n      payloadSchema\n      resultSchema\n      schemaVersion\n      retryPolicy {\n        maxAttempts\n        backoffSeconds\n      }\n      timeoutSeconds\n      fairness\n      fairnessKeyPointer\n      limits {\n        name\n        scope\n        keyPointer\n        maxRunning\n        rate {\n          count\n          perSeconds\n        }\n        use(first: 3) {\n          key\n          running\n          tokensLeft\n        }\n      }\n      workerCount\n      createdAt\n      retiredAt\n      viewerCanUpdate\n    }\n  }\n": types.DashboardJobDocument,
    "\n  mutation DashboardUpdateJob($input: UpdateJobInput!) {\n    updateJob(input: $input) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardUpdateJobDocument,
    "\n  mutation DashboardPauseJob($input: PauseJobInput!) {\n    pauseJob(input: $input) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardPauseJobDocument,
    "\n  mutation DashboardResumeJob($input: ResumeJobInput!) {\n    resumeJob(input: $input) {\n      __typename\n      ... on ResumeJobSuccess {\n        resumed\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardResumeJobDocument,
    "\n  query DashboardJobSchemas($fullName: String!, $before: Int) {\n    job(fullName: $fullName) {\n      id\n      schemaVersions(first: 20, before: $before) {\n        version\n        payloadSchema\n        resultSchema\n        createdAt\n        createdBy\n      }\n    }\n  }\n": types.DashboardJobSchemasDocument,
    "\n  mutation DashboardResubmit($input: ResubmitTaskInput!) {\n    resubmitTask(input: $input) {\n      __typename\n      ... on SubmitTaskSuccess {\n        duplicate\n        task {\n          id\n          estimate {\n            detail\n          }\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardResubmitDocument,
    "\n  mutation DashboardSubmit($input: SubmitTaskInput!) {\n    submitTask(input: $input) {\n      __typename\n      ... on SubmitTaskSuccess {\n        duplicate\n        task {\n          id\n          estimate {\n            detail\n          }\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardSubmitDocument,
    "\n  query DashboardKeys($after: String) {\n    apiKeys(first: 100, after: $after) {\n      nodes {\n        id\n        name\n        prefix\n        role\n        rooms\n        status\n        createdBy\n        createdAt\n        expiresAt\n        lastUsedAt\n      }\n    }\n  }\n": types.DashboardKeysDocument,
    "\n  mutation DashboardCreateKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      __typename\n      ... on CreateApiKeySuccess {\n        secret\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardCreateKeyDocument,
    "\n  mutation DashboardRevokeKey($id: ID!) {\n    revokeApiKey(id: $id) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardRevokeKeyDocument,
    "\n  fragment OperationRunRow on OperationRun {\n    id\n    operation\n    room\n    status\n    stale\n    dryRun\n    parameters\n    metrics\n    error\n    warnings\n    triggeredBy\n    correlationId\n    startedAt\n    updatedAt\n    finishedAt\n  }\n": types.OperationRunRowFragmentDoc,
    "\n  query Operations {\n    operations {\n      name\n      description\n      parameters\n      metrics\n      automaticEverySeconds\n    }\n  }\n": types.OperationsDocument,
    "\n  query OperationRuns($filter: OperationRunFilter, $after: String) {\n    operationRuns(filter: $filter, first: 30, after: $after) {\n      nodes {\n        ...OperationRunRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.OperationRunsDocument,
    "\n  query DashboardOperationRun($id: ID!) {\n    operationRun(id: $id) {\n      ...OperationRunRow\n    }\n  }\n": types.DashboardOperationRunDocument,
    "\n  subscription OperationRunStream($operation: String, $room: String) {\n    operationRunEvents(operation: $operation, room: $room) {\n      __typename\n      ... on OperationRunsSnapshot {\n        runs {\n          ...OperationRunRow\n        }\n      }\n      ... on OperationRunChanged {\n        run {\n          ...OperationRunRow\n        }\n      }\n    }\n  }\n": types.OperationRunStreamDocument,
    "\n  mutation DashboardRunOperation($input: RunOperationInput!) {\n    runOperation(input: $input) {\n      __typename\n      ... on OperationRunSuccess {\n        run {\n          ...OperationRunRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardRunOperationDocument,
    "\n  subscription TransitionStream($room: String, $after: Cursor) {\n    roomEvents(room: $room, after: $after) {\n      __typename\n      ... on TaskTransitioned {\n        cursor\n        transition {\n          from\n          to\n          reason\n        }\n      }\n    }\n  }\n": types.TransitionStreamDocument,
    "\n  query DashboardBlockedCounts($room: String, $seesPace: Boolean!) {\n    blockedCounts(room: $room) {\n      byReason {\n        by\n        count\n      }\n      unblocked\n      atLeast\n    }\n    statistics(room: $room, window: { last: 10, interval: MINUTE }) @include(if: $seesPace) {\n      window {\n        throughput\n      }\n    }\n  }\n": types.DashboardBlockedCountsDocument,
    "\n  fragment ScheduleRunRow on ScheduleRun {\n    id\n    tick\n    status\n    detail\n    triggeredBy\n    createdAt\n    startedAt\n    finishedAt\n    task {\n      id\n    }\n    operationRun {\n      id\n    }\n  }\n": types.ScheduleRunRowFragmentDoc,
    "\n  fragment ScheduleRow on Schedule {\n    id\n    name\n    cron\n    timeZone\n    overlap\n    pausedAt\n    nextRunAt\n    version\n    task {\n      room\n      job {\n        fullName\n      }\n    }\n    operation {\n      operation\n      room\n      dryRun\n    }\n  }\n": types.ScheduleRowFragmentDoc,
    "\n  fragment ScheduleDetail on Schedule {\n    ...ScheduleRow\n    catchUpSeconds\n    createdBy\n    createdAt\n    updatedAt\n    nextRuns(count: 5)\n    task {\n      payload\n      priority\n      labels\n      limitKey\n    }\n    operation {\n      parameters\n    }\n  }\n": types.ScheduleDetailFragmentDoc,
    "\n  query Schedules($room: String, $after: String) {\n    schedules(room: $room, first: 50, after: $after) {\n      nodes {\n        ...ScheduleRow\n        runs(first: 10) {\n          nodes {\n            ...ScheduleRunRow\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n": types.SchedulesDocument,
    "\n  query DashboardSchedule($id: ID!) {\n    schedule(id: $id) {\n      ...ScheduleDetail\n      runs(first: 50) {\n        nodes {\n          ...ScheduleRunRow\n        }\n      }\n    }\n  }\n": types.DashboardScheduleDocument,
    "\n  subscription ScheduleStream($scheduleId: ID, $room: String) {\n    scheduleEvents(scheduleId: $scheduleId, room: $room) {\n      __typename\n      ... on SchedulesSnapshot {\n        schedules {\n          ...ScheduleRow\n        }\n        runs {\n          id\n        }\n      }\n      ... on ScheduleChanged {\n        schedule {\n          ...ScheduleRow\n        }\n      }\n      ... on ScheduleRunChanged {\n        schedule {\n          id\n        }\n        run {\n          ...ScheduleRunRow\n        }\n      }\n      ... on ScheduleGone {\n        scheduleId\n      }\n    }\n  }\n": types.ScheduleStreamDocument,
    "\n  mutation DashboardCreateSchedule($input: CreateScheduleInput!) {\n    createSchedule(input: $input) {\n      __typename\n      ... on ScheduleSuccess {\n        schedule {\n          id\n          name\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardCreateScheduleDocument,
    "\n  mutation DashboardUpdateSchedule($input: UpdateScheduleInput!) {\n    updateSchedule(input: $input) {\n      __typename\n      ... on ScheduleSuccess {\n        schedule {\n          id\n          name\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardUpdateScheduleDocument,
    "\n  mutation DashboardRunSchedule($id: ID!) {\n    runScheduleNow(scheduleId: $id) {\n      __typename\n      ... on RunScheduleNowSuccess {\n        run {\n          id\n          status\n          detail\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardRunScheduleDocument,
    "\n  mutation DashboardDeleteSchedule($id: ID!) {\n    deleteSchedule(scheduleId: $id) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardDeleteScheduleDocument,
    "\n  fragment Activity on TaskActivity {\n    at\n    submitted\n    completed\n    partial\n    failed\n    cancelled\n    attemptsFailed\n    failureRate\n    throughput\n    wait {\n      p50\n      p95\n      p99\n    }\n    run {\n      p50\n      p95\n      p99\n    }\n  }\n": types.ActivityFragmentDoc,
    "\n  subscription CountsStream($room: String, $job: String) {\n    statisticsEvents(room: $room, job: $job) {\n      counts {\n        total\n        queueDepth\n        byStatus {\n          status\n          count\n        }\n      }\n    }\n  }\n": types.CountsStreamDocument,
    "\n  subscription PointsStream($room: String, $job: String, $interval: StatisticInterval!) {\n    statisticsEvents(room: $room, job: $job, interval: $interval) {\n      points {\n        ...Activity\n      }\n    }\n  }\n": types.PointsStreamDocument,
    "\n  subscription FilteredCountsStream($room: String, $filter: TaskFilter) {\n    taskCountEvents(room: $room, filter: $filter) {\n      total\n      atLeast\n      byStatus {\n        status\n        count\n      }\n    }\n  }\n": types.FilteredCountsStreamDocument,
    "\n  query DashboardStatistics($room: String, $job: String, $window: StatisticsWindow!) {\n    statistics(room: $room, job: $job, window: $window) {\n      oldestPendingSince\n      window {\n        ...Activity\n      }\n      series {\n        ...Activity\n      }\n    }\n  }\n": types.DashboardStatisticsDocument,
    "\n  query DashboardTaskGraph($id: ID!) {\n    taskGraph(id: $id) {\n      nodes {\n        id\n        status\n        version\n        dependencyCount\n        job {\n          fullName\n        }\n      }\n      edges {\n        from\n        to\n        onFailure\n        settled\n      }\n      truncated\n      streamCursor\n    }\n  }\n": types.DashboardTaskGraphDocument,
    "\n  subscription DashboardTaskGraphEvents($id: ID!, $after: Cursor) {\n    taskGraphEvents(id: $id, after: $after) {\n      __typename\n      ... on TaskTransitioned {\n        cursor\n        task {\n          id\n          status\n          version\n        }\n      }\n    }\n  }\n": types.DashboardTaskGraphEventsDocument,
    "\n  fragment TaskRights on Task {\n    viewerCanCancel\n    viewerCanRetry\n    viewerCanDiscard\n    viewerCanRestore\n    viewerCanReschedule\n  }\n": types.TaskRightsFragmentDoc,
    "\n  fragment TaskChange on TaskTransition {\n    cursor\n    version\n    from\n    to\n    reason\n    attempt\n    actor\n    note\n    at\n    error {\n      message\n      code\n      retryable\n      classifiedBy\n    }\n  }\n": types.TaskChangeFragmentDoc,
    "\n  fragment Blocked on BlockedReason {\n    by\n    detail\n    until\n    ahead\n  }\n": types.BlockedFragmentDoc,
    "\n  fragment Estimate on TaskEstimate {\n    start {\n      p50At\n      p90At\n    }\n    end {\n      p50At\n      p90At\n    }\n    unknown\n    detail\n  }\n": types.EstimateFragmentDoc,
    "\n  query TaskDetail($id: ID!, $before: String) {\n    task(id: $id) {\n      ...TaskRow\n      ...TaskRights\n      discardedBy\n      copyOf\n      blockedReason {\n        ...Blocked\n      }\n      estimate {\n        ...Estimate\n      }\n      traceparent\n      stoppedAt\n      job {\n        id\n        fullName\n        workerCount\n        timeoutSeconds\n        retiredAt\n      }\n      transitions(last: 100, before: $before) {\n        nodes {\n          ...TaskChange\n        }\n        pageInfo {\n          hasPreviousPage\n          startCursor\n        }\n      }\n    }\n  }\n": types.TaskDetailDocument,
    "\n  query TaskGlance($id: ID!) {\n    task(id: $id) {\n      id\n      job {\n        fullName\n      }\n      blockedReason {\n        ...Blocked\n      }\n      transitions(last: 3) {\n        nodes {\n          ...TaskChange\n        }\n      }\n    }\n  }\n": types.TaskGlanceDocument,
    "\n  subscription DashboardTaskEvents($taskId: ID!, $after: Cursor) {\n    taskEvents(taskId: $taskId, after: $after, follow: true) {\n      __typename\n      ... on TaskSnapshot {\n        cursor\n      }\n      ... on TaskTransitioned {\n        cursor\n        task {\n          ...TaskRow\n          ...TaskRights\n          discardedBy\n          estimate {\n            ...Estimate\n          }\n        }\n        transition {\n          ...TaskChange\n        }\n      }\n      ... on TaskBlocked {\n        cursor\n        blockedReason {\n          ...Blocked\n        }\n      }\n      ... on TaskEstimated {\n        cursor\n        estimate {\n          ...Estimate\n        }\n      }\n      ... on TaskProgressed {\n        cursor\n        percent\n        message\n        task {\n          version\n        }\n      }\n    }\n  }\n": types.DashboardTaskEventsDocument,
    "\n  query TaskPayload($id: ID!) {\n    task(id: $id) {\n      payload\n      room\n      job {\n        fullName\n      }\n    }\n  }\n": types.TaskPayloadDocument,
    "\n  query DashboardTaskResult($id: ID!) {\n    task(id: $id) {\n      result\n      error {\n        context\n      }\n    }\n  }\n": types.DashboardTaskResultDocument,
    "\n  query TaskAssets($id: ID!, $after: String) {\n    task(id: $id) {\n      assets(first: 100, after: $after) {\n        nodes {\n          id\n          attempt\n          type\n          url\n          storagePath\n          size\n          metadata\n          createdBy\n          createdAt\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n": types.TaskAssetsDocument,
    "\n  fragment TaskRow on Task {\n    id\n    room\n    status\n    version\n    job {\n      fullName\n    }\n    error {\n      message\n      code\n      retryable\n      classifiedBy\n    }\n    progress\n    progressMessage\n    priority\n    attempt\n    failures\n    maxAttempts\n    runAt\n    workerId\n    workerName\n    createdBy\n    correlationId\n    entityType\n    entityId\n    labels\n    createdAt\n    startedAt\n    finishedAt\n    discardedAt\n  }\n": types.TaskRowFragmentDoc,
    "\n  query Suggestions($room: String, $field: SuggestField!, $key: String, $prefix: String!) {\n    suggest(room: $room, field: $field, key: $key, prefix: $prefix, first: 12)\n  }\n": types.SuggestionsDocument,
    "\n  query TaskPage($room: String, $filter: TaskFilter, $first: Int!, $after: String) {\n    tasks(room: $room, filter: $filter, first: $first, after: $after) {\n      nodes {\n        ...TaskRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      streamCursor\n    }\n  }\n": types.TaskPageDocument,
    "\n  query DeadLetterPage($room: String, $filter: TaskFilter, $first: Int!, $after: String) {\n    tasks: deadLetters(room: $room, filter: $filter, first: $first, after: $after) {\n      nodes {\n        ...TaskRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      streamCursor\n    }\n  }\n": types.DeadLetterPageDocument,
    "\n  subscription TaskStream($room: String, $filter: TaskFilter, $after: Cursor) {\n    roomEvents(room: $room, filter: $filter, after: $after, leaving: true) {\n      __typename\n      ... on TaskTransitioned {\n        cursor\n        matches\n        task {\n          ...TaskRow\n        }\n      }\n      ... on TaskProgressed {\n        cursor\n        task {\n          ...TaskRow\n        }\n      }\n    }\n  }\n": types.TaskStreamDocument,
    "\n  mutation DashboardCancelTask($input: CancelTaskInput!) {\n    cancelTask(input: $input) {\n      __typename\n      ... on TaskSuccess {\n        task {\n          ...TaskRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardCancelTaskDocument,
    "\n  mutation DashboardRetryTask($input: RetryTaskInput!) {\n    retryTask(input: $input) {\n      __typename\n      ... on TaskSuccess {\n        task {\n          ...TaskRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardRetryTaskDocument,
    "\n  mutation DashboardRunTaskNow($taskId: ID!) {\n    updateTask(input: { taskId: $taskId, runNow: true }) {\n      __typename\n      ... on TaskSuccess {\n        task {\n          ...TaskRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardRunTaskNowDocument,
    "\n  mutation DashboardRestoreTask($taskId: ID!) {\n    restoreTask(input: { taskId: $taskId }) {\n      __typename\n      ... on TaskSuccess {\n        task {\n          ...TaskRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardRestoreTaskDocument,
    "\n  mutation DashboardRetryTasks($input: DeadLettersInput!) {\n    retryTasks(input: $input) {\n      __typename\n      ... on RetryTasksSuccess {\n        retried\n        more\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardRetryTasksDocument,
    "\n  mutation DashboardDiscardTasks($input: DeadLettersInput!) {\n    discardTasks(input: $input) {\n      __typename\n      ... on DiscardTasksSuccess {\n        discarded\n        more\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardDiscardTasksDocument,
    "\n  query Viewer {\n    server {\n      now\n    }\n    viewer {\n      id\n      role\n      rooms\n      tier\n      expiresAt\n      rateLimit {\n        limit\n        remaining\n        resetAt\n      }\n    }\n  }\n": types.ViewerDocument,
    "\n  query DashboardRooms($prefix: String) {\n    rooms(prefix: $prefix, first: 20) {\n      nodes {\n        name\n        counts {\n          total\n        }\n      }\n    }\n  }\n": types.DashboardRoomsDocument,
    "\n  fragment Refusal on Problem {\n    __typename\n    type\n    title\n    status\n    detail\n    ... on InvalidInput {\n      issues {\n        path\n        message\n      }\n    }\n  }\n": types.RefusalFragmentDoc,
    "\n  fragment SavedViewRow on SavedView {\n    id\n    name\n    path\n    search\n    shared\n    owner\n    room\n    viewerCanEdit\n  }\n": types.SavedViewRowFragmentDoc,
    "\n  query DashboardSavedViews {\n    savedViews {\n      ...SavedViewRow\n    }\n  }\n": types.DashboardSavedViewsDocument,
    "\n  mutation DashboardSaveView($input: SaveViewInput!) {\n    saveView(input: $input) {\n      __typename\n      ... on SaveViewSuccess {\n        view {\n          ...SavedViewRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardSaveViewDocument,
    "\n  mutation DashboardDeleteView($id: ID!) {\n    deleteView(input: { id: $id }) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardDeleteViewDocument,
    "\n  fragment WebhookRow on Webhook {\n    id\n    url\n    description\n    types\n    minSeverity\n    room\n    enabled\n    failuresInRow\n    restingUntil\n    createdBy\n    createdAt\n    updatedAt\n  }\n": types.WebhookRowFragmentDoc,
    "\n  query Webhooks {\n    webhooks(first: 100) {\n      nodes {\n        ...WebhookRow\n      }\n    }\n  }\n": types.WebhooksDocument,
    "\n  fragment DeliveryRow on WebhookDelivery {\n    id\n    type\n    eventId\n    status\n    attempts\n    responseCode\n    response\n    error\n    durationMs\n    createdAt\n    lastAttemptAt\n  }\n": types.DeliveryRowFragmentDoc,
    "\n  subscription DeliveryStream($webhookId: ID!) {\n    webhookDeliveryEvents(webhookId: $webhookId) {\n      __typename\n      ... on WebhookDeliveriesSnapshot {\n        deliveries {\n          ...DeliveryRow\n        }\n      }\n      ... on WebhookDeliveryChanged {\n        delivery {\n          ...DeliveryRow\n        }\n      }\n      ... on WebhookDeliveryGone {\n        deliveryId\n      }\n    }\n  }\n": types.DeliveryStreamDocument,
    "\n  mutation DashboardRedeliver($deliveryId: ID!) {\n    redeliverWebhook(input: { deliveryId: $deliveryId }) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardRedeliverDocument,
    "\n  mutation DashboardCreateWebhook($input: CreateWebhookInput!) {\n    createWebhook(input: $input) {\n      __typename\n      ... on CreateWebhookSuccess {\n        webhook {\n          id\n        }\n        secret\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardCreateWebhookDocument,
    "\n  mutation DashboardUpdateWebhook($input: UpdateWebhookInput!) {\n    updateWebhook(input: $input) {\n      __typename\n      ... on UpdateWebhookSuccess {\n        webhook {\n          id\n        }\n        secret\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardUpdateWebhookDocument,
    "\n  mutation DashboardTestWebhook($id: ID!) {\n    testWebhook(id: $id) {\n      __typename\n      ... on TestWebhookSuccess {\n        deliveryId\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardTestWebhookDocument,
    "\n  mutation DashboardDeleteWebhook($id: ID!) {\n    deleteWebhook(id: $id) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardDeleteWebhookDocument,
    "\n  fragment WorkerRow on Worker {\n    id\n    name\n    owner\n    host\n    version\n    capacity\n    running\n    alive\n    lastHeartbeatAt\n    createdAt\n    lostAt\n    drainingSince\n    viewerCanUse\n    jobs {\n      fullName\n    }\n  }\n": types.WorkerRowFragmentDoc,
    "\n  subscription WorkerStream($filter: WorkerFilter) {\n    workerEvents(filter: $filter) {\n      __typename\n      ... on WorkersSnapshot {\n        workers {\n          ...WorkerRow\n        }\n      }\n      ... on WorkerChanged {\n        worker {\n          ...WorkerRow\n        }\n      }\n      ... on WorkerGone {\n        workerId\n      }\n    }\n  }\n": types.WorkerStreamDocument,
    "\n  query LatelyRun($room: String) {\n    tasks(room: $room, filter: { statuses: [COMPLETED, PARTIAL] }, first: 100) {\n      nodes {\n        workerId\n        startedAt\n        finishedAt\n        job {\n          fullName\n        }\n      }\n    }\n  }\n": types.LatelyRunDocument,
    "\n  mutation DashboardDrainWorker($workerId: ID!) {\n    drainWorker(input: { workerId: $workerId }) {\n      __typename\n      ... on DrainWorkerSuccess {\n        worker {\n          running\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardDrainWorkerDocument,
    "\n  mutation DashboardDeregisterWorker($workerId: ID!) {\n    deregisterWorker(workerId: $workerId) {\n      __typename\n      ... on DeregisterWorkerSuccess {\n        released\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n": types.DashboardDeregisterWorkerDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment BulkPlanRow on BulkPlan {\n    id\n    action\n    matching\n    atLeast\n    permitted\n    byStatus {\n      status\n      count\n    }\n    sample {\n      id\n      status\n      job {\n        fullName\n      }\n      error {\n        code\n        message\n      }\n    }\n    expiresAt\n  }\n"): typeof import('./graphql.ts').BulkPlanRowFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment BulkRunRow on BulkRun {\n    id\n    status\n    done\n    refused\n    startedBy\n    startedAt\n    finishedAt\n    plan {\n      action\n      matching\n      permitted\n    }\n  }\n"): typeof import('./graphql.ts').BulkRunRowFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardPlanBulk($input: PlanBulkInput!) {\n    planBulk(input: $input) {\n      __typename\n      ... on PlanBulkSuccess {\n        plan {\n          ...BulkPlanRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardPlanBulkDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardApplyBulk($input: ApplyBulkInput!) {\n    applyBulk(input: $input) {\n      __typename\n      ... on BulkRunSuccess {\n        run {\n          ...BulkRunRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardApplyBulkDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardStopBulk($input: StopBulkInput!) {\n    stopBulk(input: $input) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardStopBulkDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription BulkRunStream($runId: ID!) {\n    bulkRunEvents(runId: $runId) {\n      ...BulkRunRow\n    }\n  }\n"): typeof import('./graphql.ts').BulkRunStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ErrorGroups($room: String, $job: String, $first: Int! = 50) {\n    errorGroups(room: $room, job: $job, first: $first) {\n      fingerprint\n      code\n      message\n      count\n      deadLetters\n      firstAt\n      lastAt\n      series\n      job {\n        fullName\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ErrorGroupsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query ProbeCandidates($room: String, $filter: TaskFilter!) {\n    deadLetters(room: $room, filter: $filter, first: 50) {\n      nodes {\n        id\n        viewerCanRetry\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ProbeCandidatesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment EventRow on Event {\n    id\n    type\n    severity\n    room\n    actor\n    correlationId\n    subject\n    payload\n    at\n  }\n"): typeof import('./graphql.ts').EventRowFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query EventPage($filter: EventFilter, $first: Int!, $after: String) {\n    events(filter: $filter, first: $first, after: $after) {\n      nodes {\n        ...EventRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      streamCursor\n    }\n  }\n"): typeof import('./graphql.ts').EventPageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription DashboardEventStream(\n    $room: String\n    $minSeverity: EventSeverity!\n    $types: [EventType!]\n    $actor: String\n    $subject: ID\n    $correlationId: String\n    $after: Cursor\n  ) {\n    eventStream(\n      room: $room\n      minSeverity: $minSeverity\n      types: $types\n      actor: $actor\n      subject: $subject\n      correlationId: $correlationId\n      after: $after\n    ) {\n      __typename\n      ... on EventRecorded {\n        cursor\n        event {\n          ...EventRow\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardEventStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription AuditStream($types: [EventType!]!, $after: Cursor) {\n    eventStream(types: $types, after: $after) {\n      __typename\n      ... on EventRecorded {\n        cursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').AuditStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query AuditPosition {\n    events(first: 1) {\n      streamCursor\n    }\n  }\n"): typeof import('./graphql.ts').AuditPositionDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment JobRow on Job {\n    id\n    fullName\n    room\n    category\n    name\n    description\n    workerCount\n    schemaVersion\n    timeoutSeconds\n    retryPolicy {\n      maxAttempts\n    }\n    pauses {\n      room\n      pausedAt\n      pausedBy\n      reason\n    }\n    viewerCanPause\n  }\n"): typeof import('./graphql.ts').JobRowFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription JobStream($room: String, $category: String, $fullName: String) {\n    jobEvents(room: $room, category: $category, fullName: $fullName) {\n      __typename\n      ... on JobsSnapshot {\n        jobs {\n          ...JobRow\n        }\n      }\n      ... on JobChanged {\n        job {\n          ...JobRow\n        }\n      }\n      ... on JobGone {\n        jobId\n      }\n    }\n  }\n"): typeof import('./graphql.ts').JobStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DashboardJobs($room: String, $search: String, $retired: Boolean! = false) {\n    jobs(room: $room, search: $search, retired: $retired, first: 100) {\n      nodes {\n        ...JobRow\n      }\n      pageInfo {\n        hasNextPage\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardJobsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DashboardJobStatistics(\n    $room: String\n    $window: StatisticsWindow!\n    $order: JobStatisticsOrder! = BACKLOG\n    $first: Int! = 100\n  ) {\n    jobStatistics(room: $room, window: $window, order: $order, first: $first) {\n      job {\n        fullName\n        workerCount\n      }\n      oldestPendingSince\n      counts {\n        byStatus {\n          status\n          count\n        }\n      }\n      window {\n        failed\n        failureRate\n        run {\n          p95\n        }\n      }\n      series {\n        completed\n        partial\n        failed\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardJobStatisticsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DashboardJob($fullName: String!) {\n    job(fullName: $fullName) {\n      id\n      fullName\n      room\n      category\n      name\n      description\n      payloadSchema\n      resultSchema\n      schemaVersion\n      retryPolicy {\n        maxAttempts\n        backoffSeconds\n      }\n      timeoutSeconds\n      fairness\n      fairnessKeyPointer\n      limits {\n        name\n        scope\n        keyPointer\n        maxRunning\n        rate {\n          count\n          perSeconds\n        }\n        use(first: 3) {\n          key\n          running\n          tokensLeft\n        }\n      }\n      workerCount\n      createdAt\n      retiredAt\n      viewerCanUpdate\n    }\n  }\n"): typeof import('./graphql.ts').DashboardJobDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardUpdateJob($input: UpdateJobInput!) {\n    updateJob(input: $input) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardUpdateJobDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardPauseJob($input: PauseJobInput!) {\n    pauseJob(input: $input) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardPauseJobDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardResumeJob($input: ResumeJobInput!) {\n    resumeJob(input: $input) {\n      __typename\n      ... on ResumeJobSuccess {\n        resumed\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardResumeJobDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DashboardJobSchemas($fullName: String!, $before: Int) {\n    job(fullName: $fullName) {\n      id\n      schemaVersions(first: 20, before: $before) {\n        version\n        payloadSchema\n        resultSchema\n        createdAt\n        createdBy\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardJobSchemasDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardResubmit($input: ResubmitTaskInput!) {\n    resubmitTask(input: $input) {\n      __typename\n      ... on SubmitTaskSuccess {\n        duplicate\n        task {\n          id\n          estimate {\n            detail\n          }\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardResubmitDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardSubmit($input: SubmitTaskInput!) {\n    submitTask(input: $input) {\n      __typename\n      ... on SubmitTaskSuccess {\n        duplicate\n        task {\n          id\n          estimate {\n            detail\n          }\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardSubmitDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DashboardKeys($after: String) {\n    apiKeys(first: 100, after: $after) {\n      nodes {\n        id\n        name\n        prefix\n        role\n        rooms\n        status\n        createdBy\n        createdAt\n        expiresAt\n        lastUsedAt\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardKeysDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardCreateKey($input: CreateApiKeyInput!) {\n    createApiKey(input: $input) {\n      __typename\n      ... on CreateApiKeySuccess {\n        secret\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardCreateKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardRevokeKey($id: ID!) {\n    revokeApiKey(id: $id) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardRevokeKeyDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment OperationRunRow on OperationRun {\n    id\n    operation\n    room\n    status\n    stale\n    dryRun\n    parameters\n    metrics\n    error\n    warnings\n    triggeredBy\n    correlationId\n    startedAt\n    updatedAt\n    finishedAt\n  }\n"): typeof import('./graphql.ts').OperationRunRowFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Operations {\n    operations {\n      name\n      description\n      parameters\n      metrics\n      automaticEverySeconds\n    }\n  }\n"): typeof import('./graphql.ts').OperationsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query OperationRuns($filter: OperationRunFilter, $after: String) {\n    operationRuns(filter: $filter, first: 30, after: $after) {\n      nodes {\n        ...OperationRunRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OperationRunsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DashboardOperationRun($id: ID!) {\n    operationRun(id: $id) {\n      ...OperationRunRow\n    }\n  }\n"): typeof import('./graphql.ts').DashboardOperationRunDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription OperationRunStream($operation: String, $room: String) {\n    operationRunEvents(operation: $operation, room: $room) {\n      __typename\n      ... on OperationRunsSnapshot {\n        runs {\n          ...OperationRunRow\n        }\n      }\n      ... on OperationRunChanged {\n        run {\n          ...OperationRunRow\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').OperationRunStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardRunOperation($input: RunOperationInput!) {\n    runOperation(input: $input) {\n      __typename\n      ... on OperationRunSuccess {\n        run {\n          ...OperationRunRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardRunOperationDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription TransitionStream($room: String, $after: Cursor) {\n    roomEvents(room: $room, after: $after) {\n      __typename\n      ... on TaskTransitioned {\n        cursor\n        transition {\n          from\n          to\n          reason\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TransitionStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DashboardBlockedCounts($room: String, $seesPace: Boolean!) {\n    blockedCounts(room: $room) {\n      byReason {\n        by\n        count\n      }\n      unblocked\n      atLeast\n    }\n    statistics(room: $room, window: { last: 10, interval: MINUTE }) @include(if: $seesPace) {\n      window {\n        throughput\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardBlockedCountsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ScheduleRunRow on ScheduleRun {\n    id\n    tick\n    status\n    detail\n    triggeredBy\n    createdAt\n    startedAt\n    finishedAt\n    task {\n      id\n    }\n    operationRun {\n      id\n    }\n  }\n"): typeof import('./graphql.ts').ScheduleRunRowFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ScheduleRow on Schedule {\n    id\n    name\n    cron\n    timeZone\n    overlap\n    pausedAt\n    nextRunAt\n    version\n    task {\n      room\n      job {\n        fullName\n      }\n    }\n    operation {\n      operation\n      room\n      dryRun\n    }\n  }\n"): typeof import('./graphql.ts').ScheduleRowFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ScheduleDetail on Schedule {\n    ...ScheduleRow\n    catchUpSeconds\n    createdBy\n    createdAt\n    updatedAt\n    nextRuns(count: 5)\n    task {\n      payload\n      priority\n      labels\n      limitKey\n    }\n    operation {\n      parameters\n    }\n  }\n"): typeof import('./graphql.ts').ScheduleDetailFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Schedules($room: String, $after: String) {\n    schedules(room: $room, first: 50, after: $after) {\n      nodes {\n        ...ScheduleRow\n        runs(first: 10) {\n          nodes {\n            ...ScheduleRunRow\n          }\n        }\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n    }\n  }\n"): typeof import('./graphql.ts').SchedulesDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DashboardSchedule($id: ID!) {\n    schedule(id: $id) {\n      ...ScheduleDetail\n      runs(first: 50) {\n        nodes {\n          ...ScheduleRunRow\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardScheduleDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ScheduleStream($scheduleId: ID, $room: String) {\n    scheduleEvents(scheduleId: $scheduleId, room: $room) {\n      __typename\n      ... on SchedulesSnapshot {\n        schedules {\n          ...ScheduleRow\n        }\n        runs {\n          id\n        }\n      }\n      ... on ScheduleChanged {\n        schedule {\n          ...ScheduleRow\n        }\n      }\n      ... on ScheduleRunChanged {\n        schedule {\n          id\n        }\n        run {\n          ...ScheduleRunRow\n        }\n      }\n      ... on ScheduleGone {\n        scheduleId\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ScheduleStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardCreateSchedule($input: CreateScheduleInput!) {\n    createSchedule(input: $input) {\n      __typename\n      ... on ScheduleSuccess {\n        schedule {\n          id\n          name\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardCreateScheduleDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardUpdateSchedule($input: UpdateScheduleInput!) {\n    updateSchedule(input: $input) {\n      __typename\n      ... on ScheduleSuccess {\n        schedule {\n          id\n          name\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardUpdateScheduleDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardRunSchedule($id: ID!) {\n    runScheduleNow(scheduleId: $id) {\n      __typename\n      ... on RunScheduleNowSuccess {\n        run {\n          id\n          status\n          detail\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardRunScheduleDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardDeleteSchedule($id: ID!) {\n    deleteSchedule(scheduleId: $id) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardDeleteScheduleDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Activity on TaskActivity {\n    at\n    submitted\n    completed\n    partial\n    failed\n    cancelled\n    attemptsFailed\n    failureRate\n    throughput\n    wait {\n      p50\n      p95\n      p99\n    }\n    run {\n      p50\n      p95\n      p99\n    }\n  }\n"): typeof import('./graphql.ts').ActivityFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription CountsStream($room: String, $job: String) {\n    statisticsEvents(room: $room, job: $job) {\n      counts {\n        total\n        queueDepth\n        byStatus {\n          status\n          count\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').CountsStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription PointsStream($room: String, $job: String, $interval: StatisticInterval!) {\n    statisticsEvents(room: $room, job: $job, interval: $interval) {\n      points {\n        ...Activity\n      }\n    }\n  }\n"): typeof import('./graphql.ts').PointsStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription FilteredCountsStream($room: String, $filter: TaskFilter) {\n    taskCountEvents(room: $room, filter: $filter) {\n      total\n      atLeast\n      byStatus {\n        status\n        count\n      }\n    }\n  }\n"): typeof import('./graphql.ts').FilteredCountsStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DashboardStatistics($room: String, $job: String, $window: StatisticsWindow!) {\n    statistics(room: $room, job: $job, window: $window) {\n      oldestPendingSince\n      window {\n        ...Activity\n      }\n      series {\n        ...Activity\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardStatisticsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DashboardTaskGraph($id: ID!) {\n    taskGraph(id: $id) {\n      nodes {\n        id\n        status\n        version\n        dependencyCount\n        job {\n          fullName\n        }\n      }\n      edges {\n        from\n        to\n        onFailure\n        settled\n      }\n      truncated\n      streamCursor\n    }\n  }\n"): typeof import('./graphql.ts').DashboardTaskGraphDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription DashboardTaskGraphEvents($id: ID!, $after: Cursor) {\n    taskGraphEvents(id: $id, after: $after) {\n      __typename\n      ... on TaskTransitioned {\n        cursor\n        task {\n          id\n          status\n          version\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardTaskGraphEventsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TaskRights on Task {\n    viewerCanCancel\n    viewerCanRetry\n    viewerCanDiscard\n    viewerCanRestore\n    viewerCanReschedule\n  }\n"): typeof import('./graphql.ts').TaskRightsFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TaskChange on TaskTransition {\n    cursor\n    version\n    from\n    to\n    reason\n    attempt\n    actor\n    note\n    at\n    error {\n      message\n      code\n      retryable\n      classifiedBy\n    }\n  }\n"): typeof import('./graphql.ts').TaskChangeFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Blocked on BlockedReason {\n    by\n    detail\n    until\n    ahead\n  }\n"): typeof import('./graphql.ts').BlockedFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Estimate on TaskEstimate {\n    start {\n      p50At\n      p90At\n    }\n    end {\n      p50At\n      p90At\n    }\n    unknown\n    detail\n  }\n"): typeof import('./graphql.ts').EstimateFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TaskDetail($id: ID!, $before: String) {\n    task(id: $id) {\n      ...TaskRow\n      ...TaskRights\n      discardedBy\n      copyOf\n      blockedReason {\n        ...Blocked\n      }\n      estimate {\n        ...Estimate\n      }\n      traceparent\n      stoppedAt\n      job {\n        id\n        fullName\n        workerCount\n        timeoutSeconds\n        retiredAt\n      }\n      transitions(last: 100, before: $before) {\n        nodes {\n          ...TaskChange\n        }\n        pageInfo {\n          hasPreviousPage\n          startCursor\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TaskDetailDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TaskGlance($id: ID!) {\n    task(id: $id) {\n      id\n      job {\n        fullName\n      }\n      blockedReason {\n        ...Blocked\n      }\n      transitions(last: 3) {\n        nodes {\n          ...TaskChange\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TaskGlanceDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription DashboardTaskEvents($taskId: ID!, $after: Cursor) {\n    taskEvents(taskId: $taskId, after: $after, follow: true) {\n      __typename\n      ... on TaskSnapshot {\n        cursor\n      }\n      ... on TaskTransitioned {\n        cursor\n        task {\n          ...TaskRow\n          ...TaskRights\n          discardedBy\n          estimate {\n            ...Estimate\n          }\n        }\n        transition {\n          ...TaskChange\n        }\n      }\n      ... on TaskBlocked {\n        cursor\n        blockedReason {\n          ...Blocked\n        }\n      }\n      ... on TaskEstimated {\n        cursor\n        estimate {\n          ...Estimate\n        }\n      }\n      ... on TaskProgressed {\n        cursor\n        percent\n        message\n        task {\n          version\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardTaskEventsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TaskPayload($id: ID!) {\n    task(id: $id) {\n      payload\n      room\n      job {\n        fullName\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TaskPayloadDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DashboardTaskResult($id: ID!) {\n    task(id: $id) {\n      result\n      error {\n        context\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardTaskResultDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TaskAssets($id: ID!, $after: String) {\n    task(id: $id) {\n      assets(first: 100, after: $after) {\n        nodes {\n          id\n          attempt\n          type\n          url\n          storagePath\n          size\n          metadata\n          createdBy\n          createdAt\n        }\n        pageInfo {\n          hasNextPage\n          endCursor\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TaskAssetsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TaskRow on Task {\n    id\n    room\n    status\n    version\n    job {\n      fullName\n    }\n    error {\n      message\n      code\n      retryable\n      classifiedBy\n    }\n    progress\n    progressMessage\n    priority\n    attempt\n    failures\n    maxAttempts\n    runAt\n    workerId\n    workerName\n    createdBy\n    correlationId\n    entityType\n    entityId\n    labels\n    createdAt\n    startedAt\n    finishedAt\n    discardedAt\n  }\n"): typeof import('./graphql.ts').TaskRowFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Suggestions($room: String, $field: SuggestField!, $key: String, $prefix: String!) {\n    suggest(room: $room, field: $field, key: $key, prefix: $prefix, first: 12)\n  }\n"): typeof import('./graphql.ts').SuggestionsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query TaskPage($room: String, $filter: TaskFilter, $first: Int!, $after: String) {\n    tasks(room: $room, filter: $filter, first: $first, after: $after) {\n      nodes {\n        ...TaskRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      streamCursor\n    }\n  }\n"): typeof import('./graphql.ts').TaskPageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DeadLetterPage($room: String, $filter: TaskFilter, $first: Int!, $after: String) {\n    tasks: deadLetters(room: $room, filter: $filter, first: $first, after: $after) {\n      nodes {\n        ...TaskRow\n      }\n      pageInfo {\n        hasNextPage\n        endCursor\n      }\n      streamCursor\n    }\n  }\n"): typeof import('./graphql.ts').DeadLetterPageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription TaskStream($room: String, $filter: TaskFilter, $after: Cursor) {\n    roomEvents(room: $room, filter: $filter, after: $after, leaving: true) {\n      __typename\n      ... on TaskTransitioned {\n        cursor\n        matches\n        task {\n          ...TaskRow\n        }\n      }\n      ... on TaskProgressed {\n        cursor\n        task {\n          ...TaskRow\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').TaskStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardCancelTask($input: CancelTaskInput!) {\n    cancelTask(input: $input) {\n      __typename\n      ... on TaskSuccess {\n        task {\n          ...TaskRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardCancelTaskDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardRetryTask($input: RetryTaskInput!) {\n    retryTask(input: $input) {\n      __typename\n      ... on TaskSuccess {\n        task {\n          ...TaskRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardRetryTaskDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardRunTaskNow($taskId: ID!) {\n    updateTask(input: { taskId: $taskId, runNow: true }) {\n      __typename\n      ... on TaskSuccess {\n        task {\n          ...TaskRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardRunTaskNowDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardRestoreTask($taskId: ID!) {\n    restoreTask(input: { taskId: $taskId }) {\n      __typename\n      ... on TaskSuccess {\n        task {\n          ...TaskRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardRestoreTaskDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardRetryTasks($input: DeadLettersInput!) {\n    retryTasks(input: $input) {\n      __typename\n      ... on RetryTasksSuccess {\n        retried\n        more\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardRetryTasksDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardDiscardTasks($input: DeadLettersInput!) {\n    discardTasks(input: $input) {\n      __typename\n      ... on DiscardTasksSuccess {\n        discarded\n        more\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardDiscardTasksDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Viewer {\n    server {\n      now\n    }\n    viewer {\n      id\n      role\n      rooms\n      tier\n      expiresAt\n      rateLimit {\n        limit\n        remaining\n        resetAt\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ViewerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DashboardRooms($prefix: String) {\n    rooms(prefix: $prefix, first: 20) {\n      nodes {\n        name\n        counts {\n          total\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardRoomsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Refusal on Problem {\n    __typename\n    type\n    title\n    status\n    detail\n    ... on InvalidInput {\n      issues {\n        path\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').RefusalFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment SavedViewRow on SavedView {\n    id\n    name\n    path\n    search\n    shared\n    owner\n    room\n    viewerCanEdit\n  }\n"): typeof import('./graphql.ts').SavedViewRowFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query DashboardSavedViews {\n    savedViews {\n      ...SavedViewRow\n    }\n  }\n"): typeof import('./graphql.ts').DashboardSavedViewsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardSaveView($input: SaveViewInput!) {\n    saveView(input: $input) {\n      __typename\n      ... on SaveViewSuccess {\n        view {\n          ...SavedViewRow\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardSaveViewDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardDeleteView($id: ID!) {\n    deleteView(input: { id: $id }) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardDeleteViewDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment WebhookRow on Webhook {\n    id\n    url\n    description\n    types\n    minSeverity\n    room\n    enabled\n    failuresInRow\n    restingUntil\n    createdBy\n    createdAt\n    updatedAt\n  }\n"): typeof import('./graphql.ts').WebhookRowFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Webhooks {\n    webhooks(first: 100) {\n      nodes {\n        ...WebhookRow\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WebhooksDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment DeliveryRow on WebhookDelivery {\n    id\n    type\n    eventId\n    status\n    attempts\n    responseCode\n    response\n    error\n    durationMs\n    createdAt\n    lastAttemptAt\n  }\n"): typeof import('./graphql.ts').DeliveryRowFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription DeliveryStream($webhookId: ID!) {\n    webhookDeliveryEvents(webhookId: $webhookId) {\n      __typename\n      ... on WebhookDeliveriesSnapshot {\n        deliveries {\n          ...DeliveryRow\n        }\n      }\n      ... on WebhookDeliveryChanged {\n        delivery {\n          ...DeliveryRow\n        }\n      }\n      ... on WebhookDeliveryGone {\n        deliveryId\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DeliveryStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardRedeliver($deliveryId: ID!) {\n    redeliverWebhook(input: { deliveryId: $deliveryId }) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardRedeliverDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardCreateWebhook($input: CreateWebhookInput!) {\n    createWebhook(input: $input) {\n      __typename\n      ... on CreateWebhookSuccess {\n        webhook {\n          id\n        }\n        secret\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardCreateWebhookDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardUpdateWebhook($input: UpdateWebhookInput!) {\n    updateWebhook(input: $input) {\n      __typename\n      ... on UpdateWebhookSuccess {\n        webhook {\n          id\n        }\n        secret\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardUpdateWebhookDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardTestWebhook($id: ID!) {\n    testWebhook(id: $id) {\n      __typename\n      ... on TestWebhookSuccess {\n        deliveryId\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardTestWebhookDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardDeleteWebhook($id: ID!) {\n    deleteWebhook(id: $id) {\n      __typename\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardDeleteWebhookDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment WorkerRow on Worker {\n    id\n    name\n    owner\n    host\n    version\n    capacity\n    running\n    alive\n    lastHeartbeatAt\n    createdAt\n    lostAt\n    drainingSince\n    viewerCanUse\n    jobs {\n      fullName\n    }\n  }\n"): typeof import('./graphql.ts').WorkerRowFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription WorkerStream($filter: WorkerFilter) {\n    workerEvents(filter: $filter) {\n      __typename\n      ... on WorkersSnapshot {\n        workers {\n          ...WorkerRow\n        }\n      }\n      ... on WorkerChanged {\n        worker {\n          ...WorkerRow\n        }\n      }\n      ... on WorkerGone {\n        workerId\n      }\n    }\n  }\n"): typeof import('./graphql.ts').WorkerStreamDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query LatelyRun($room: String) {\n    tasks(room: $room, filter: { statuses: [COMPLETED, PARTIAL] }, first: 100) {\n      nodes {\n        workerId\n        startedAt\n        finishedAt\n        job {\n          fullName\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').LatelyRunDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardDrainWorker($workerId: ID!) {\n    drainWorker(input: { workerId: $workerId }) {\n      __typename\n      ... on DrainWorkerSuccess {\n        worker {\n          running\n        }\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardDrainWorkerDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation DashboardDeregisterWorker($workerId: ID!) {\n    deregisterWorker(workerId: $workerId) {\n      __typename\n      ... on DeregisterWorkerSuccess {\n        released\n      }\n      ... on Problem {\n        ...Refusal\n      }\n    }\n  }\n"): typeof import('./graphql.ts').DashboardDeregisterWorkerDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
