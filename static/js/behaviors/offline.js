export default function attach(element) {}
