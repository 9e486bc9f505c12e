package dev.kafkaboot.client.consumer;

import dev.kafkaboot.client.KafkaException;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What was read of acquired records.
 *
 * @param records those that are handed out
 * @param gaps the offsets that there is no record for the application at, each with {@link AcknowledgeType#GAP}
 * @param unread the offsets behind the records that cannot be read, each with {@link AcknowledgeType#RELEASE}; empty if there is no failure
 * @param failure why they cannot be read, or null
 */
record SharePortion<K, V>(
        List<ConsumerRecord<K, V>> records, SortedMap<Long, Byte> gaps, SortedMap<Long, Byte> unread, @Nullable KafkaException failure) {}
