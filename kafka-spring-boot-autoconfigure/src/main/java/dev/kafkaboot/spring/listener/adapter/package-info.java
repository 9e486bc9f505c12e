/** How a record becomes a call of a listener method: reading, choosing the method, its arguments. */
@NullMarked
package dev.kafkaboot.spring.listener.adapter;

import org.jspecify.annotations.NullMarked;
