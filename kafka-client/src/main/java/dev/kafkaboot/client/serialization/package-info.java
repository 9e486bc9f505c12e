/**
 * Keys and values to bytes and back.
 *
 * <p>A {@link dev.kafkaboot.client.serialization.Serializer} goes both ways; the usual ones are in
 * {@link dev.kafkaboot.client.serialization.Serializers}. They are called on the application's threads.
 */
@NullMarked
package dev.kafkaboot.client.serialization;

import org.jspecify.annotations.NullMarked;
