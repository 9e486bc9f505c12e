/** What listener methods and senders use: acknowledgments, header names, the value that stands for none. */
@NullMarked
package dev.kafkaboot.spring.support;

import org.jspecify.annotations.NullMarked;
