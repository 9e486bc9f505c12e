/**
 * Holds {@link dev.kafkaboot.test.fake.FakeKafka} to Apache's broker: each scenario is played, request for request, to both, and the answers must be the same.
 *
 * <p>Start reading at {@link ConformanceTest}; what differs, and why, is in {@link KnownDifference}.
 */
@NullMarked
package dev.kafkaboot.test.conformance;

import org.jspecify.annotations.NullMarked;
