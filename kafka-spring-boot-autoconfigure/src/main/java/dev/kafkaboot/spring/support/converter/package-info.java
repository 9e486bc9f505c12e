/** Records to Spring's messages and back. */
@NullMarked
package dev.kafkaboot.spring.support.converter;

import org.jspecify.annotations.NullMarked;
