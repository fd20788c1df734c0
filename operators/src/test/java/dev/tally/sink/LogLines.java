package dev.tally.sink;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;

/** What one class logs, instead of the console. */
final class LogLines extends AbstractAppender {

    private final Logger logger;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    LogLines(Class<?> source) {
        super("lines", null, null, true, Property.EMPTY_ARRAY);
        this.logger = (Logger) LogManager.getLogger(source);
    }

    @Override
    public void start() {
        super.start();
        logger.addAppender(this);
        logger.setAdditive(false);
    }

    @Override
    public void stop() {
        logger.removeAppender(this);
        logger.setAdditive(true);
        super.stop();
    }

    @Override
    public void append(LogEvent event) {
        lines.add(event.getMessage().getFormattedMessage());
    }

    List<String> all() {
        return lines;
    }
}
