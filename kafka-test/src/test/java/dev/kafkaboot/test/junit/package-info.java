/** Tests of the JUnit extension. */
@NullMarked
package dev.kafkaboot.test.junit;

import org.jspecify.annotations.NullMarked;
