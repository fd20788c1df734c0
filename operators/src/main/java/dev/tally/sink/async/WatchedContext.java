package dev.tally.sink.async;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.JobInfo;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.groups.OperatorIOMetricGroup;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.util.UserCodeClassLoader;
import org.apache.flink.util.function.ThrowingRunnable;

/**
 * A writer's context through which its requests are seen: the sizes of those it makes by the
 * counter of records sent, their outcome by the mail in which an {@code AsyncSinkWriter} takes note
 * of it. It has no other way to tell.
 */
final class WatchedContext implements WriterInitContext {

    /** How all mails begin that end a request, in every patch of Flink 1.20. */
    private static final String COMPLETED = "Mark in-flight request as completed";

    /** How the mail begins that fails the task. */
    private static final String FATAL = "A fatal exception occurred in the sink";

    private final WriterInitContext context;
    private final Acceptance acceptance;
    private final UnaryOperator<Exception> naming;

    /**
     * @param naming makes of what the connector fails with what the job fails with
     */
    WatchedContext(
            WriterInitContext context, Acceptance acceptance, UnaryOperator<Exception> naming) {
        this.context = context;
        this.acceptance = acceptance;
        this.naming = naming;
    }

    @Override
    public MailboxExecutor getMailboxExecutor() {
        return new WatchedMailbox(context.getMailboxExecutor(), acceptance, naming);
    }

    @Override
    public SinkWriterMetricGroup metricGroup() {
        SinkWriterMetricGroup group = context.metricGroup();
        OperatorIOMetricGroup io = group.getIOMetricGroup();
        Counter out = new WatchedCounter(io.getNumRecordsOutCounter(), acceptance);
        OperatorIOMetricGroup watchedIo =
                with(OperatorIOMetricGroup.class, io, "getNumRecordsOutCounter", out);
        return with(SinkWriterMetricGroup.class, group, "getIOMetricGroup", watchedIo);
    }

    /** The group, but for one method; the interfaces have some thirty. */
    private static <T> T with(Class<T> type, T group, String method, Object answer) {
        Object proxy =
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (self, called, arguments) -> {
                            if (called.getName().equals(method)) {
                                return answer;
                            }
                            try {
                                return called.invoke(group, arguments);
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
        return type.cast(proxy);
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
        return context.getUserCodeClassLoader();
    }

    @Override
    public ProcessingTimeService getProcessingTimeService() {
        return context.getProcessingTimeService();
    }

    @Override
    public SerializationSchema.InitializationContext asSerializationSchemaInitializationContext() {
        return context.asSerializationSchemaInitializationContext();
    }

    @Override
    public boolean isObjectReuseEnabled() {
        return context.isObjectReuseEnabled();
    }

    @Override
    public <T> TypeSerializer<T> createInputSerializer() {
        return context.createInputSerializer();
    }

    @Override
    public <T> Optional<Consumer<T>> metadataConsumer() {
        return context.metadataConsumer();
    }

    @Override
    public OptionalLong getRestoredCheckpointId() {
        return context.getRestoredCheckpointId();
    }

    @Override
    public JobInfo getJobInfo() {
        return context.getJobInfo();
    }

    @Override
    public TaskInfo getTaskInfo() {
        return context.getTaskInfo();
    }

    private static final class WatchedMailbox implements MailboxExecutor {

        private final MailboxExecutor mailbox;
        private final Acceptance acceptance;
        private final UnaryOperator<Exception> naming;

        WatchedMailbox(
                MailboxExecutor mailbox, Acceptance acceptance, UnaryOperator<Exception> naming) {
            this.mailbox = mailbox;
            this.acceptance = acceptance;
            this.naming = naming;
        }

        @Override
        public void execute(
                MailOptions options,
                ThrowingRunnable<? extends Exception> command,
                String description,
                Object... arguments) {
            if (description.startsWith(COMPLETED)
                    && arguments.length == 1
                    && arguments[0] instanceof Integer) {
                int count = (Integer) arguments[0];
                if (description.contains("successfully")) {
                    acceptance.accepted(count);
                } else {
                    acceptance.failed(count);
                }
            }
            boolean fatal = description.startsWith(FATAL);
            mailbox.execute(options, fatal ? named(command) : command, description, arguments);
        }

        private ThrowingRunnable<Exception> named(ThrowingRunnable<? extends Exception> command) {
            return () -> {
                try {
                    command.run();
                } catch (Exception e) {
                    throw naming.apply(e);
                }
            };
        }

        @Override
        public void yield() throws InterruptedException {
            mailbox.yield();
        }

        @Override
        public boolean tryYield() {
            return mailbox.tryYield();
        }

        @Override
        public boolean shouldInterrupt() {
            return mailbox.shouldInterrupt();
        }
    }

    private static final class WatchedCounter implements Counter {

        private final Counter counter;
        private final Acceptance acceptance;

        WatchedCounter(Counter counter, Acceptance acceptance) {
            this.counter = counter;
            this.acceptance = acceptance;
        }

        @Override
        public void inc() {
            inc(1);
        }

        @Override
        public void inc(long size) {
            counter.inc(size);
            acceptance.submitted((int) size);
        }

        @Override
        public void dec() {
            counter.dec();
        }

        @Override
        public void dec(long size) {
            counter.dec(size);
        }

        @Override
        public long getCount() {
            return counter.getCount();
        }
    }
}
