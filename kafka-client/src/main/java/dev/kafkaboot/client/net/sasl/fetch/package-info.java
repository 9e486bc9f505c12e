/**
 * What the mechanisms share that fetch their credentials from elsewhere: HTTP with bounds, JSON, files, and a cache that renews ahead of expiry. Everything but
 * {@link dev.kafkaboot.client.net.sasl.fetch.CredentialCache} may block and runs off the loop. Start reading with the cache.
 */
@NullMarked
package dev.kafkaboot.client.net.sasl.fetch;

import org.jspecify.annotations.NullMarked;
