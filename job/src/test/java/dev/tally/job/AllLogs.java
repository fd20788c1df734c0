package dev.tally.job;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/**
 * Whatever anybody logs in this JVM, with stack traces, instead of the console: our own classes
 * from DEBUG, all others from INFO.
 */
final class AllLogs extends AbstractAppender implements AutoCloseable {

    private static final String OURS = "dev.tally";

    private final LoggerContext context = (LoggerContext) LogManager.getContext(false);
    private final List<String> lines = new CopyOnWriteArrayList<>();

    AllLogs() {
        super("all", null, null, true, Property.EMPTY_ARRAY);
        start();
        Configuration log = context.getConfiguration();
        LoggerConfig ours = new LoggerConfig(OURS, Level.DEBUG, true);
        log.addLogger(OURS, ours);
        log.getRootLogger().setLevel(Level.INFO);
        log.getRootLogger().removeAppender("console");
        log.getRootLogger().addAppender(this, null, null);
        context.updateLoggers();
    }

    @Override
    public void append(LogEvent event) {
        StringWriter text = new StringWriter();
        text.append(event.getLevel().name()).append(' ').append(event.getLoggerName()).append(' ');
        text.append(event.getMessage().getFormattedMessage());
        if (event.getThrown() != null) {
            event.getThrown().printStackTrace(new PrintWriter(text, true));
        }
        lines.add(text.toString());
    }

    List<String> lines() {
        return lines;
    }

    @Override
    public void close() {
        context.reconfigure();
        stop();
    }
}
