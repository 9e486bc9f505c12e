package dev.kafkaboot.client.sim;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.AbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventBuilder;

/** A logger whose lines go to the simulation in which they are written, if they are in one. An error there makes the run fail. */
final class ClientLogger extends AbstractLogger {

    private static final long serialVersionUID = 1L;

    private final transient Logger ordinary;

    ClientLogger(String name, Logger ordinary) {
        this.name = name;
        this.ordinary = ordinary;
    }

    private static boolean isSimulated() {
        return Simulation.current() != null;
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level, @Nullable Marker marker, @Nullable String pattern, Object @Nullable [] arguments, @Nullable Throwable thrown) {
        Simulation simulation = Simulation.current();
        if (simulation == null) {
            LoggingEventBuilder event = ordinary.atLevel(level).setCause(thrown);
            if (arguments == null) {
                event.log(pattern);
            } else {
                event.log(pattern, arguments);
            }
            return;
        }
        String text = MessageFormatter.basicArrayFormat(pattern, arguments);
        simulation.clientLogged(level, name.substring(name.lastIndexOf('.') + 1), text, thrown);
    }

    @Override
    public boolean isTraceEnabled() {
        return isSimulated() || ordinary.isTraceEnabled();
    }

    @Override
    public boolean isTraceEnabled(Marker marker) {
        return isTraceEnabled();
    }

    @Override
    public boolean isDebugEnabled() {
        return isSimulated() || ordinary.isDebugEnabled();
    }

    @Override
    public boolean isDebugEnabled(Marker marker) {
        return isDebugEnabled();
    }

    @Override
    public boolean isInfoEnabled() {
        return isSimulated() || ordinary.isInfoEnabled();
    }

    @Override
    public boolean isInfoEnabled(Marker marker) {
        return isInfoEnabled();
    }

    @Override
    public boolean isWarnEnabled() {
        return isSimulated() || ordinary.isWarnEnabled();
    }

    @Override
    public boolean isWarnEnabled(Marker marker) {
        return isWarnEnabled();
    }

    @Override
    public boolean isErrorEnabled() {
        return isSimulated() || ordinary.isErrorEnabled();
    }

    @Override
    public boolean isErrorEnabled(Marker marker) {
        return isErrorEnabled();
    }
}
