/**
 * The published families of image networks. Each is built from settings, carries the parameter
 * names of the library it comes from, and is cut into groups from stem to head.
 */
package dev.graft.vision.family;
