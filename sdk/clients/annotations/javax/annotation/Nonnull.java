package javax.annotation;

/** Stands in for the library of annotations that generated clients name, so that javac suffices. */
public @interface Nonnull {

}
