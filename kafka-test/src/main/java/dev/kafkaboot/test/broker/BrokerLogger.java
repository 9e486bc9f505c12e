package dev.kafkaboot.test.broker;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** Prints INFO and above, one line a message, with the stack of what was thrown. */
final class BrokerLogger extends LegacyAbstractLogger {

    private static final long serialVersionUID = 1L;

    BrokerLogger(String name) {
        this.name = name;
    }

    @Override
    public boolean isTraceEnabled() {
        return false;
    }

    @Override
    public boolean isDebugEnabled() {
        return false;
    }

    @Override
    public boolean isInfoEnabled() {
        return true;
    }

    @Override
    public boolean isWarnEnabled() {
        return true;
    }

    @Override
    public boolean isErrorEnabled() {
        return true;
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            @Nullable String messagePattern,
            Object @Nullable [] arguments,
            @Nullable Throwable thrown) {
        StringWriter text = new StringWriter();
        text.append(Instant.now().toString()).append(' ').append(level.toString()).append(' ').append(getName()).append(": ");
        text.append(String.valueOf(MessageFormatter.basicArrayFormat(messagePattern, arguments)));
        if (thrown != null) {
            text.append(System.lineSeparator());
            thrown.printStackTrace(new PrintWriter(text, true));
        }
        PrintStream out = System.out;
        out.println(text.toString().stripTrailing());
    }
}
