package dev.kafkaboot.samples.orders;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Tells callers what went wrong, as problem details (RFC 9457). */
@RestControllerAdvice
class OrderProblems extends ResponseEntityExceptionHandler {

    @ExceptionHandler
    ProblemDetail badOrder(BadOrderException bad) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, String.valueOf(bad.getMessage()));
        problem.setTitle("This is not an order");
        return problem;
    }

    @ExceptionHandler
    ProblemDetail notAcknowledged(NotAcknowledgedException failure) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, failure.getMessage() + ": " + failure.reason());
        problem.setTitle("Kafka did not acknowledge it");
        problem.setProperty("possiblyStored", failure.possiblyStored());
        return problem;
    }
}
