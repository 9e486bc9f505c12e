package dev.kafkaboot.client.proxy;

import dev.kafkaboot.client.Secret;

/**
 * Whom a proxy is to let through. Immutable.
 *
 * @param user the user's name, decoded
 * @param password the password, decoded; empty if the URL has none
 */
public record ProxyCredentials(String user, Secret password) {}
