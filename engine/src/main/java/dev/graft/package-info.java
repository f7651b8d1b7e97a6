/** The one-line way in: open a base and some data, pick a method, fit, get a bundle. */
package dev.graft;
