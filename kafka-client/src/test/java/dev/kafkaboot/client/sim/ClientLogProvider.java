package dev.kafkaboot.client.sim;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.simple.SimpleServiceProvider;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Sends what is logged in a simulation to that simulation's log, and everything else where it would have gone.
 *
 * <p>Made by SLF4J, which is told of it by the system property {@code slf4j.provider}.
 */
public final class ClientLogProvider implements SLF4JServiceProvider {

    private final SimpleServiceProvider ordinary = new SimpleServiceProvider();
    private final Map<String, Logger> loggers = new ConcurrentHashMap<>();

    /** For SLF4J, which creates it by name. */
    public ClientLogProvider() {}

    @Override
    public void initialize() {
        ordinary.initialize();
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return name -> loggers.computeIfAbsent(name, key -> new ClientLogger(key, ordinary.getLoggerFactory().getLogger(key)));
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return ordinary.getMarkerFactory();
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return ordinary.getMDCAdapter();
    }

    @Override
    public String getRequestedApiVersion() {
        return ordinary.getRequestedApiVersion();
    }
}
