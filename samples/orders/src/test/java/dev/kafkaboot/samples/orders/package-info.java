/**
 * Tests of the sample: its parts, the whole of it while brokers come and go, and what its README says. {@link dev.kafkaboot.samples.orders.TestOrdersApplication}
 * starts it with a broker of its own.
 */
@NullMarked
package dev.kafkaboot.samples.orders;

import org.jspecify.annotations.NullMarked;
